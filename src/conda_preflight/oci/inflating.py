"""The tar in a compressed layer, a piece at a time, and not more of it than a layer can be."""

from __future__ import annotations

import gzip
import hashlib
import io
from collections.abc import Iterator
from typing import BinaryIO

from conda_preflight.errors import ReadError

MAX_LAYER = 64 * 1024**3
FREE_GROWTH = 256 * 1024**2
MAX_GROWTH = 500
"""How many times its size a layer may grow beyond FREE_GROWTH bytes."""

_WINDOW = 128 * 1024**2
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"


class Pieces(io.RawIOBase):
    """A stream of pieces that knows the digest of what went through it."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._left = b""
        self._digest = hashlib.sha256()
        self.size = 0

    @property
    def digest(self) -> str:
        """Of all that was read so far."""
        return f"sha256:{self._digest.hexdigest()}"

    def readable(self) -> bool:
        """It is."""
        return True

    def peek(self) -> bytes:
        """The first bytes, which are read again later."""
        while len(self._left) < len(_ZSTD) and (piece := next(self._pieces, b"")):
            self._left += self._counted(piece)
        return self._left[: len(_ZSTD)]

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill a buffer as far as the next piece goes."""
        if not self._left:
            self._left = self._counted(next(self._pieces, b""))
        taken = self._left[: len(buffer)]
        self._left = self._left[len(taken) :]
        buffer[: len(taken)] = taken
        return len(taken)

    def _counted(self, piece: bytes) -> bytes:
        self._digest.update(piece)
        self.size += len(piece)
        return piece


class Inflated(io.RawIOBase):
    """What is in a layer; raises ReadError where that is more than a layer can hold."""

    def __init__(self, packed: Pieces) -> None:
        self._packed = packed
        self._plain = _opened(packed)
        self._digest = hashlib.sha256()
        self._size = 0

    def readable(self) -> bool:
        """It is."""
        return True

    @property
    def diff_id(self) -> str:
        """The digest of all that was read."""
        return f"sha256:{self._digest.hexdigest()}"

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill a buffer as far as it goes."""
        piece = self._plain.read(len(buffer))
        self._digest.update(piece)
        self._size += len(piece)
        grows = self._size > FREE_GROWTH and self._size > MAX_GROWTH * self._packed.size
        if self._size > MAX_LAYER or grows:
            raise ReadError(
                f"A layer unpacks to more than {self._size >> 20} MiB, as none does",
                "Do not use this image.",
            )
        buffer[: len(piece)] = piece
        return len(piece)

    def drain(self) -> None:
        """Read to the end, so that the digests are of the whole."""
        while self.read(1 << 20):
            pass
        while self._packed.read(1 << 20):
            pass


def _opened(packed: Pieces) -> BinaryIO:
    head = packed.peek()
    if head.startswith(_GZIP):
        return gzip.GzipFile(fileobj=packed, mode="rb")  # type: ignore[return-value]
    if head == _ZSTD:
        from zstandard import ZstdDecompressor

        return _Zstd(ZstdDecompressor(max_window_size=_WINDOW), packed)  # type: ignore[return-value]
    return packed  # type: ignore[return-value]


class _Zstd:
    """Like a file, and a damaged stream is a ReadError."""

    def __init__(self, opener: object, packed: Pieces) -> None:
        self._stream = opener.stream_reader(packed, read_across_frames=True)  # type: ignore[attr-defined]

    def read(self, size: int) -> bytes:
        from zstandard import ZstdError

        try:
            found: bytes = self._stream.read(size)
        except ZstdError as error:
            raise ReadError(f"A layer is damaged: {error}") from None
        return found
