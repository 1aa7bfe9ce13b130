"""Folders that one process works in, and that say so: a lock that ends with the process.

A process that was killed leaves its folder behind, unlocked; the next one clears it away.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from conda_preflight.errors import UsageError


@contextlib.contextmanager
def opened(parent: Path, lead: str) -> Iterator[Path]:
    """A new folder ``lead`` with an ending of its own, gone afterwards.

    Those that dead processes left go first. Raises UsageError where it cannot be made.
    """
    try:
        parent.mkdir(parents=True, exist_ok=True)
        _clear_dead(parent, lead)
        folder, descriptor = _made(parent, lead)
    except OSError as error:
        text = f"{parent} cannot be used: {error.strerror or error}"
        raise UsageError(text, "Name another place.") from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(descriptor)


def _made(parent: Path, lead: str) -> tuple[Path, int]:
    """A folder and its lock; one that was cleared away before it was locked is made again."""
    while True:
        folder = Path(tempfile.mkdtemp(dir=parent, prefix=lead))
        descriptor = _lock(folder)
        if descriptor is not None and folder.is_dir():
            return folder, descriptor


def _lock(folder: Path) -> int | None:
    """A descriptor that holds the lock of a folder, None where another process has it."""
    descriptor = -1
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        if descriptor >= 0:
            os.close(descriptor)
        return None
    return descriptor


def _clear_dead(parent: Path, lead: str) -> None:
    for folder in parent.iterdir():
        is_one = folder.name.startswith(lead) and folder.is_dir() and not folder.is_symlink()
        descriptor = _lock(folder) if is_one else None
        if descriptor is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(descriptor)
