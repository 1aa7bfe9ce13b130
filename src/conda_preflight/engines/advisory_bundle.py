"""Records out of a file: a zip of JSON files, JSON lines, or JSON lines compressed.

The content decides what a file is. Nothing of it is ever unpacked to the disk, names in it
are no paths, and how much it may unpack to is bounded.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from conda_preflight.advisories.record import MAX_BYTES
from conda_preflight.errors import PreflightError

MAX_TOTAL = 8 * 1024**3
"""How many bytes a file may unpack to."""

RATIO, FREE = 100, 64 * 1024**2
"""A file may unpack to so many times its size and so many bytes; JSON packs to a fifth."""

_MAX_RECORDS = 2_000_000
_NOTHING = "Nothing of it was taken."


class BundleError(PreflightError):
    """A file of records is damaged, or unpacks to more than it may."""


def records(file: Path, shown: str = "") -> Iterator[tuple[str, bytes]]:
    """Each record with a name for it (the id, or the line); raises BundleError.

    A record that is too long is given without bytes. ``shown`` is what errors call the file.
    """
    shown = shown or file.name
    with _told(shown), file.open("rb") as stream:
        magic = stream.read(4)
        stream.seek(0)
        bound = _Bound(shown, file.stat().st_size)
        if magic.startswith(b"PK"):
            yield from _of_zip(stream, bound)
        elif magic.startswith(b"\x1f\x8b"):
            with gzip.GzipFile(fileobj=stream) as unpacked:
                yield from _of_lines(unpacked, bound)
        else:
            yield from _of_lines(stream, bound)


class _Bound:
    """Counts what was unpacked, and refuses too much."""

    def __init__(self, shown: str, size: int) -> None:
        self._name = shown
        self._left = min(MAX_TOTAL, FREE + RATIO * size)
        self._records = _MAX_RECORDS

    def take(self, size: int) -> None:
        self._left -= size
        self._records -= 1
        if self._left < 0 or self._records < 0:
            raise BundleError(f"{self._name} unpacks to far more than records do", _NOTHING)


def _of_zip(stream: IO[bytes], bound: _Bound) -> Iterator[tuple[str, bytes]]:
    from zipfile import ZipFile

    with ZipFile(stream) as archive:
        for entry in archive.infolist():
            name = entry.filename.rpartition("/")[2]
            if not name.endswith(".json"):
                continue
            with archive.open(entry) as packed:
                content = packed.read(MAX_BYTES + 1)
            bound.take(len(content))
            yield name.removesuffix(".json"), content if len(content) <= MAX_BYTES else b""


def _of_lines(stream: IO[bytes] | gzip.GzipFile, bound: _Bound) -> Iterator[tuple[str, bytes]]:
    number = 0
    while line := stream.readline(MAX_BYTES + 1):
        number += 1
        bound.take(len(line))
        if len(line) > MAX_BYTES:
            _skip_line(stream, bound)
            line = b""
        elif not line.strip():
            continue
        yield f"line {number}", line


def _skip_line(stream: IO[bytes] | gzip.GzipFile, bound: _Bound) -> None:
    while rest := stream.readline(MAX_BYTES):
        bound.take(len(rest))
        if rest.endswith(b"\n"):
            return


@contextmanager
def _told(shown: str) -> Iterator[None]:
    """What the libraries raise over damage, as a sentence."""
    from zipfile import BadZipFile

    try:
        yield
    except (BadZipFile, zlib.error, EOFError, gzip.BadGzipFile):
        raise BundleError(f"{shown} is damaged, or not whole", _NOTHING) from None
    except (NotImplementedError, RuntimeError, ValueError, OverflowError, UnicodeError):
        raise BundleError(f"{shown} is packed in a way that is not read here", _NOTHING) from None
    except OSError as error:
        words = error.strerror or error
        raise BundleError(f"{shown} cannot be read: {words}", _NOTHING) from None
