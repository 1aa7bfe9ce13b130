"""Reads a hostile tar: descriptions of members are bounded, and every fault is a ReadError."""

from __future__ import annotations

import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import RawIOBase
from typing import IO, Any, cast

from conda_preflight.errors import ReadError

MAX_DESCRIPTION = 1 << 20
"""Bytes of a long name or of PAX records: tarfile reads them into memory as a whole."""

_DESCRIBING = (
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
)
FAULTS = (tarfile.TarError, zlib.error, OSError, EOFError, ValueError, ArithmeticError, LookupError)


class SafeInfo(tarfile.TarInfo):
    """A member whose description is small, as every honest one is."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> SafeInfo:
        """Read a header; raises ReadError for what is not to be believed."""
        info = super().frombuf(buf, encoding, errors)
        if info.size < 0:
            raise ReadError("A member of a tar has a negative size")
        if info.type in _DESCRIBING and info.size > MAX_DESCRIPTION:
            raise ReadError("A member of a tar has a description that is too large to be true")
        if info.type == tarfile.GNUTYPE_SPARSE:
            raise ReadError("A tar holds a sparse file, which no layer needs")
        return info


def refused(error: Exception) -> ReadError:
    """What to tell of a fault."""
    if isinstance(error, ReadError):
        return error
    return ReadError(f"This tar is damaged: {str(error)[:200] or type(error).__name__}")


@contextmanager
def members(stream: RawIOBase) -> Iterator[Any]:
    """The open tar of a stream, to go through once; every fault inside is a ReadError."""
    try:
        with tarfile.open(
            fileobj=cast("IO[bytes]", stream), mode="r|", tarinfo=SafeInfo, errors="surrogateescape"
        ) as opened:
            yield opened
    except ReadError:
        raise
    except FAULTS as error:
        raise refused(error) from None
