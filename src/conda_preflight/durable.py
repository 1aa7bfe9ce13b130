"""Bytes and names that are on the disk when a call returns, whatever happens then."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def write_new(file: Path, data: bytes, mode: int) -> None:
    """Make a file that was not there, readable to its owner alone until it is whole.

    ``mode`` is what it has then, whatever the umask. Raises OSError, where the name is a link too.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with os.fdopen(os.open(file, flags, 0o600), "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
        os.fchmod(stream.fileno(), mode)


def sync_folder(folder: Path) -> None:
    """Force new and gone names in a folder to the disk, where folders can be opened."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        with suppress(OSError):
            os.fsync(descriptor)
        os.close(descriptor)
