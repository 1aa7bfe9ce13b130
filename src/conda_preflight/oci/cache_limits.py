"""How large a store of layers becomes: what was used longest ago goes first.

Whoever builds holds the store's lock with others; what tidies up holds it alone, or leaves it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from conda_preflight.plain import value_type

DAYS = 60
"""After so many days without use a blob goes, however small the store is."""

LIMIT = 20 * 1024**3
"""Bytes of all blobs, where nobody says otherwise."""

_LOCK = "lock"
_DAY = 86400.0
_FOLDERS = ("sha256", "hints", "environments")


@value_type
class Trimmed:
    """How many bytes went, and how many stay."""

    gone: int
    left: int


class _Kept(NamedTuple):
    used: float
    size: int
    path: str


@contextlib.contextmanager
def in_use(folder: Path) -> Iterator[None]:
    """While this lasts nobody takes anything out of the store."""
    with _locked(folder, fcntl.LOCK_SH):
        yield


def touch(file: Path) -> None:
    """Say that a file was used now."""
    with contextlib.suppress(OSError):
        os.utime(file)


def trim(folder: Path, limit: int) -> Trimmed | None:
    """Keep to the limit, in bytes; None where somebody builds just now."""
    try:
        with _locked(folder, fcntl.LOCK_EX | fcntl.LOCK_NB):
            return _trimmed(folder, limit, time.time() - DAYS * _DAY)
    except BlockingIOError:
        return None


@contextlib.contextmanager
def _locked(folder: Path, how: int) -> Iterator[None]:
    handle = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(handle, how)
        yield
    finally:
        os.close(handle)


def _trimmed(folder: Path, limit: int, oldest: float) -> Trimmed:
    """Nobody else is here, so a draft is what a dead build left."""
    for draft in folder.glob("draft-*"):
        draft.unlink(missing_ok=True)
    files = sorted(_files(folder))
    left, gone = sum(each.size for each in files), 0
    for each in files:
        if each.used >= oldest and left - gone <= limit:
            break
        Path(each.path).unlink(missing_ok=True)
        gone += each.size
    return Trimmed(gone, left - gone)


def _files(folder: Path) -> Iterator[_Kept]:
    """What the store keeps, the least recently used first once it is in order."""
    for name in _FOLDERS:
        with contextlib.suppress(FileNotFoundError), os.scandir(folder / name) as found:
            for entry in found:
                if entry.is_file(follow_symlinks=False):
                    row = entry.stat(follow_symlinks=False)
                    yield _Kept(row.st_mtime, row.st_size, entry.path)
