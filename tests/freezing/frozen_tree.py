"""Trees to freeze: a small one made by hand, and the whole state of any, to compare."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from pathlib import Path

LIBRARY = "lib/python3.11"
SITE = f"{LIBRARY}/site-packages"
FILES = {
    "conda-meta/history": "",
    f"{LIBRARY}/os.py": "sep = '/'\n",
    f"{SITE}/greet.py": "print('hello')\n",
    "bin/greet": "#!/bin/sh\necho hello\n",
    "share/note.txt": "a note\n",
}


def make(root: Path) -> Path:
    """A small prefix with links, odd modes and times of its own."""
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    record = {"name": "greet", "version": "1.0", "build": "0", "files": ["bin/greet"]}
    (root / "conda-meta" / "greet-1.0-0.json").write_text(json.dumps(record))
    (root / "bin" / "greet").chmod(0o775)
    (root / "share" / "note.txt").chmod(0o444)
    (root / "bin" / "hello").symlink_to("greet")
    (root / "share" / "nowhere").symlink_to("/nowhere/at/all")
    (root / "share" / "empty").mkdir(mode=0o700)
    for number, path in enumerate([*sorted(root.rglob("*")), root]):
        os.utime(path, ns=(10**18 + number, 10**18 + number), follow_symlinks=False)
    return root


def state(root: Path) -> dict[str, tuple[object, ...]]:
    """Every path with mode, owner, time, and the digest or the target of its link."""
    found = {}
    for path in [root, *root.rglob("*")]:
        lstat = path.lstat()
        if stat.S_ISLNK(lstat.st_mode):
            content = str(path.readlink())
        elif stat.S_ISREG(lstat.st_mode):
            content = hashlib.sha256(path.read_bytes()).hexdigest()
        else:
            content = ""
        owner = lstat.st_uid, lstat.st_gid
        where = path.relative_to(root).as_posix()
        found[where] = (lstat.st_mode, owner, lstat.st_mtime_ns, content)
    return found


def without_times(found: dict[str, tuple[object, ...]]) -> dict[str, tuple[object, ...]]:
    """The same without the times of folders, which a kill between two calls can cost."""
    return {
        path: row if not stat.S_ISDIR(row[0]) else (*row[:2], *row[3:])
        for path, row in found.items()
    }
