"""Lines of ``environments.txt``, taken out and put back by writing the whole list anew."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from conda_preflight.lockfiles.writing import replace_file

MAX_BYTES = 4 * 1024 * 1024


def without(file: str, prefix: str) -> None:
    """Take an environment out of a list; raises OSError."""
    rows = _rows(file)
    kept = [row for row in rows if not _names(row, prefix)]
    if kept != rows:
        replace_file(Path(file), b"".join(kept))


def within(file: str, prefix: str) -> None:
    """Put an environment into a list where it is missing; raises OSError."""
    rows = _rows(file)
    if not any(_names(row, prefix) for row in rows):
        last = [rows[-1] if rows[-1].endswith(b"\n") else rows[-1] + b"\n"] if rows else []
        fresh = [*rows[:-1], *last, os.fsencode(prefix) + b"\n"]
        replace_file(Path(file), b"".join(fresh))


def _rows(file: str) -> list[bytes]:
    path = Path(file)
    if not path.exists():
        return []
    if path.stat().st_size > MAX_BYTES:
        raise OSError(errno.EFBIG, "it is too large to be a list of environments", file)
    return path.read_bytes().splitlines(keepends=True)


def _names(row: bytes, prefix: str) -> bool:
    text = os.fsdecode(row.strip(b"\r\n"))
    return text == prefix or (text.startswith("/") and _real(text) == prefix)


def _real(text: str) -> str:
    try:
        return os.path.realpath(text)
    except ValueError:
        return ""
