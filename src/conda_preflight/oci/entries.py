"""What a layer holds: files, links and folders with their place in the image, and nothing else."""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

FILE, LINK, FOLDER = "file", "link", "folder"


class Entry(NamedTuple):
    """One thing in a layer.

    ``path`` has no slash at its start; ``source`` is the file that is read, or ``content`` the
    bytes themselves; ``target`` is where a link leads.
    """

    path: str
    kind: str = FILE
    mode: int = 0o644
    size: int = 0
    source: str = ""
    content: bytes = b""
    target: str = ""
    uid: int = 0
    gid: int = 0


def of_text(path: str, content: bytes) -> Entry:
    """A file that is written by us."""
    return Entry(path, FILE, 0o644, len(content), content=content)


def below(folder: Path, place: str) -> Iterator[Entry]:
    """All files and links below a folder, put at a place of the image; folders with nothing too.

    Of a file's mode only whether its owner may run it is kept, so that nobody's umask shows.
    What is neither file, link nor folder is left out.
    """
    for here, folders, names in os.walk(folder):
        lead = posixpath.join(place, os.path.relpath(here, folder).replace(os.sep, "/"))
        lead = posixpath.normpath(lead).removeprefix(".")
        links = [name for name in folders if os.path.islink(os.path.join(here, name))]  # noqa: PTH114, PTH118
        if lead and not names and not folders:
            yield Entry(lead, FOLDER, 0o755)
        for name in (*names, *links):
            entry = one(os.path.join(here, name), posixpath.join(lead, name))  # noqa: PTH118
            if entry:
                yield entry


def one(file: str, path: str) -> Entry | None:
    """The entry of a file or a link, None for what is neither."""
    found = os.lstat(file)
    if stat.S_ISLNK(found.st_mode):
        return Entry(path, LINK, 0o777, target=os.readlink(file))  # noqa: PTH115
    if not stat.S_ISREG(found.st_mode):
        return None
    mode = 0o755 if found.st_mode & stat.S_IXUSR else 0o644
    return Entry(path, FILE, mode, found.st_size, source=file)


def whole(entries: Iterable[Entry]) -> list[Entry]:
    """The entries with every folder that leads to them, in the order of a layer: by path."""
    found = {entry.path: entry for entry in entries}
    for path in list(found):
        folder = posixpath.dirname(path)
        while folder and folder not in found:
            found[folder] = Entry(folder, FOLDER, 0o755)
            folder = posixpath.dirname(folder)
    return sorted(found.values(), key=lambda entry: entry.path.split("/"))
