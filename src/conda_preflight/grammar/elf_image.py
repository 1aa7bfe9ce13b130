"""The bytes of one ELF file: numbers, texts and addresses in them, never beyond their end."""

from __future__ import annotations

import struct
from collections.abc import Callable

from conda_preflight.errors import ReadError
from conda_preflight.plain import value_type

Read = Callable[[int, int], bytes]
"""Gives bytes of a file by offset and count; fewer where it ends."""

MAGIC = b"\x7fELF"
MAX_TEXT = 4096
MAX_SEGMENTS = 1024
_LOAD = 1
_REINSTALL = "Reinstall the package that it belongs to."


@value_type
class Segment:
    """One program header: offsets, addresses and sizes in bytes."""

    kind: int
    flags: int
    offset: int
    address: int
    size: int


class Image:
    """An ELF file of 32 or 64 bits in either order of bytes.

    Made of a file that begins with MAGIC; raises ReadError where its headers are none.
    Source: System V ABI, chapters 4 and 5 (https://refspecs.linuxfoundation.org/elf/gabi4+/).
    """

    def __init__(self, read: Read, size: int) -> None:
        self._read, self._size = read, size
        identity = read(0, 16)
        if len(identity) < 16 or identity[4] not in (1, 2) or identity[5] not in (1, 2):  # noqa: PLR2004
            raise broken("it is cut off, or of neither 32 nor 64 bits")
        self.bits = 32 * identity[4]
        self.order = "<" if identity[5] == 1 else ">"
        self.kind, self.machine = self.numbers("HH", 16)
        self.segments = self._segments()

    def _segments(self) -> tuple[Segment, ...]:
        wide = self.bits == 64  # noqa: PLR2004
        (table,) = self.numbers("Q", 32) if wide else self.numbers("I", 28)
        each, count = self.numbers("HH", 54 if wide else 42)
        if count and (each != (56 if wide else 32) or count > MAX_SEGMENTS):
            raise broken("its table of segments is of no known form")
        return tuple(self._segment(table + each * at, wide=wide) for at in range(count))

    def _segment(self, at: int, *, wide: bool) -> Segment:
        if wide:
            kind, flags, offset, address, _, size = self.numbers("IIQQQQ", at)
        else:
            kind, offset, address, _, size, _, flags = self.numbers("IIIIIII", at)
        return Segment(kind, flags, offset, address, size)

    def numbers(self, form: str, offset: int) -> tuple[int, ...]:
        """Unsigned numbers in the file's order of bytes; ``form`` is that of struct."""
        form = self.order + form
        count = struct.calcsize(form)
        return struct.unpack(form, self.data(offset, count))

    def data(self, offset: int, count: int) -> bytes:
        """Exactly so many bytes; raises ReadError where the file ends before."""
        data = self._read(offset, count) if 0 <= offset <= self._size - count else b""
        if len(data) < count:
            raise broken("it ends before the place that its headers name")
        return data

    def holds(self, word: bytes, offset: int, count: int) -> bool:
        """Whether so many bytes from there, as far as the file has them, hold the word."""
        return word in self._read(offset, count)

    def text(self, offset: int) -> str:
        """The text up to the next NUL; raises ReadError where it is too long or has no end."""
        if not 0 <= offset < self._size:
            raise broken("a name in it lies beyond its end")
        data, _, rest = self._read(offset, MAX_TEXT).partition(b"\0")
        if not rest and offset + len(data) + 1 != self._size and len(data) == MAX_TEXT:
            raise broken(f"a name in it is longer than {MAX_TEXT} bytes")
        return data.decode("utf-8", "backslashreplace")

    def offset(self, address: int) -> int:
        """Where in the file the bytes of a virtual address are; raises ReadError."""
        for part in self.segments:
            if part.kind == _LOAD and part.address <= address < part.address + part.size:
                return address - part.address + part.offset
        raise broken("an address in it lies in none of its segments")


def broken(why: str) -> ReadError:
    """What to raise about an ELF file that cannot be understood."""
    return ReadError(f"This ELF file is broken: {why}", _REINSTALL)
