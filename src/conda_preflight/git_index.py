"""Which files are under version control, read from git's index without running git.

Source: git's documentation of the index format (gitformat-index), versions 2 to 4.
"""

from __future__ import annotations

import os
from pathlib import Path

MAX_BYTES = 64 * 1024 * 1024
MAX_EXPANDED = 256 * 1024 * 1024
MAX_PARENTS = 32
_HEADER = 12
_STAT = 40
_EXTENDED = 0x4000
_DIRECTORY = 0o040000
_UNTOLD = (b"link", b"sdir")  # the rest of the entries is in another file, or left out


def tracked(root: Path) -> frozenset[str] | None:
    """The tracked paths below a directory, relative to it; None when that cannot be told."""
    try:
        here = root.resolve()
        top = top_of(here)
        git = git_directory(top) if top else None
        if top is None or git is None:
            return None
        index = read_bounded(git / "index")
        names = _names(index, _digest_size(git)) if index else []
    except (OSError, ValueError, IndexError, RuntimeError):
        return None
    if names is None:
        return None
    lead = os.fsencode(here.relative_to(top).as_posix() + "/") if here != top else b""
    below = (name[len(lead) :] for name in names if name.startswith(lead))
    return frozenset(os.fsdecode(name) for name in below)


def top_of(here: Path) -> Path | None:
    """The work tree around a resolved directory, None where there is none."""
    parents = (here, *here.parents)[:MAX_PARENTS]
    return next((folder for folder in parents if os.path.lexists(folder / ".git")), None)


def git_directory(top: Path) -> Path | None:
    """Where the repository's own files are; never a place outside the tree and its parents."""
    mark = top / ".git"
    if not mark.is_dir():
        text = read_bounded(mark, 4096).decode("utf-8")
        if not text.startswith("gitdir:"):
            return None
        mark = top / text.removeprefix("gitdir:").strip()
    found = mark.resolve()
    near = (top.parent, *(parent / ".git" for parent in top.parents))
    allowed = any(found.is_relative_to(place) for place in near)
    return found if allowed and (found / "HEAD").is_file() else None


def read_bounded(file: Path, limit: int = MAX_BYTES) -> bytes:
    """The content of a regular file, empty where there is none; ValueError when it is too large."""
    if not os.path.lexists(file):
        return b""
    if not file.is_file() or file.stat().st_size > limit:
        raise ValueError(file.name)
    return file.read_bytes()


def _digest_size(git: Path) -> int:
    """32 bytes in a repository of SHA-256, else 20; a worktree has its settings elsewhere."""
    folder = git
    if (git / "commondir").is_file():
        folder = git / read_bounded(git / "commondir", 4096).decode("utf-8").strip()
    settings = read_bounded(folder / "config", 1024 * 1024).decode("utf-8", "replace").lower()
    return 32 if "objectformat=sha256" in settings.replace(" ", "").replace("\t", "") else 20


def _names(data: bytes, digest: int) -> list[bytes] | None:
    """The paths of all entries; None for an index that does not hold them all."""
    version = int.from_bytes(data[4:8], "big")
    count = int.from_bytes(data[8:12], "big")
    if data[:4] != b"DIRC" or version not in (2, 3, 4) or count > len(data) // (_STAT + digest):
        return None
    names: list[bytes] = []
    at, name, total = _HEADER, b"", 0
    for _ in range(count):
        start = at
        mode = int.from_bytes(data[at + 24 : at + 28], "big")
        flags = int.from_bytes(data[at + _STAT + digest : at + _STAT + digest + 2], "big")
        at += _STAT + digest + (4 if flags & _EXTENDED else 2)
        if version == 4:  # noqa: PLR2004  (the first with shortened paths)
            strip, at = _offset(data, at)
            if strip > len(name):
                return None
            name = name[: len(name) - strip]
        else:
            name = b""
        end = data.index(b"\0", at)
        name += data[at:end]
        at = end + 1 if version == 4 else start + ((end - start) // 8 + 1) * 8  # noqa: PLR2004
        total += len(name)
        if mode & 0o170000 == _DIRECTORY or total > MAX_EXPANDED:
            return None
        names.append(name)
    return None if _is_partial(data, at, digest) else names


def _offset(data: bytes, at: int) -> tuple[int, int]:
    """A number of variable width, as git packs its offsets, and where it ends."""
    byte = data[at]
    value = byte & 0x7F
    for _ in range(8):
        if not byte & 0x80:
            break
        at += 1
        byte = data[at]
        value = ((value + 1) << 7) | (byte & 0x7F)
    return value, at + 1


def _is_partial(data: bytes, at: int, digest: int) -> bool:
    while at + 8 <= len(data) - digest:
        if data[at : at + 4] in _UNTOLD:
            return True
        at += 8 + int.from_bytes(data[at + 4 : at + 8], "big")
    return False
