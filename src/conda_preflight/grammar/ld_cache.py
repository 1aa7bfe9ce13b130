"""``/etc/ld.so.cache``: which library ldconfig found where.

Source: glibc, sysdeps/generic/dl-cache.h (https://sourceware.org/git/?p=glibc.git), the form of
version 1.1, which is in every cache since glibc 2.2 and alone in it since 2.32.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from conda_preflight.plain import value_type

MAX_ENTRIES = 200_000
_MARK = b"glibc-ld.so.cache1.1"
_HEADER, _ENTRY = "20sIIB3xI12x", "iIIIQ"
_EXTENSIONS, _SUBDIRECTORIES = 0xEAA42174, 1
_NAMED_LEVEL = 1 << 62
_MAX_LEVELS, _MAX_SECTIONS, _MAX_PATH = 256, 16, 4096
_BIG = 3
"""The flag of a cache whose numbers begin with their high byte; 2 or 0 is the other order."""


@value_type
class Cached:
    """One library of the cache; ``level`` is its glibc-hwcaps folder, empty for every machine."""

    name: str
    path: str
    level: str


def parse(data: bytes) -> tuple[Cached, ...]:
    """The libraries in the order of the cache, nothing of what is no cache or is broken."""
    start = data.find(_MARK, 0, 16_000_000)
    if start < 0:
        return ()
    try:
        return tuple(_entries(data[start:]))
    except (struct.error, IndexError, ValueError):
        return ()


def _entries(data: bytes) -> Iterator[Cached]:
    order = ">" if data[28:29] and data[28] & 3 == _BIG else "<"
    _, count, _, _, extensions = struct.unpack_from(order + _HEADER, data)
    levels = _levels(data, order, extensions) if extensions else ()
    size = struct.calcsize(order + _HEADER)
    each = struct.calcsize(order + _ENTRY)
    for at in range(size, size + each * min(count, MAX_ENTRIES), each):
        _, name, path, _, hardware = struct.unpack_from(order + _ENTRY, data, at)
        level = ""
        if hardware & _NAMED_LEVEL:
            level = levels[hardware & 0xFFFFFFFF]
        elif hardware:
            continue  # of a kind of processor that glibc before 2.33 told apart
        yield Cached(_text(data, name), _text(data, path), level)


def _levels(data: bytes, order: str, at: int) -> tuple[str, ...]:
    magic, count = struct.unpack_from(order + "II", data, at)
    if magic != _EXTENSIONS:
        return ()
    for number in range(min(count, _MAX_SECTIONS)):
        kind, _, where, size = struct.unpack_from(order + "IIII", data, at + 8 + 16 * number)
        if kind == _SUBDIRECTORIES:
            names = struct.unpack_from(f"{order}{min(size // 4, _MAX_LEVELS)}I", data, where)
            return tuple(_text(data, name) for name in names)
    return ()


def _text(data: bytes, at: int) -> str:
    """The text up to its NUL; raises ValueError where it has no end or is longer than a path."""
    if at >= len(data):
        return ""
    return data[at : data.index(b"\0", at, at + _MAX_PATH)].decode("utf-8", "surrogateescape")
