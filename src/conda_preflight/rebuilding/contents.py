"""Whether two files hold the same bytes, or the same but for the prefix they lie in."""

from __future__ import annotations

import mmap
from pathlib import Path

_BLOCK = 1024 * 1024
SAME, PREFIX, OTHER = "same", "prefix", "other"


def likeness(first: Path, second: Path, old: bytes, new: bytes) -> str:
    """SAME, PREFIX where they differ by one prefix for the other, or OTHER.

    ``old`` and ``new`` are the prefixes, of one length.
    """
    if first.stat().st_size != second.stat().st_size:
        return OTHER
    if _is_same(first, second):
        return SAME
    with first.open("rb") as one, second.open("rb") as two:
        left = mmap.mmap(one.fileno(), 0, access=mmap.ACCESS_READ)
        right = mmap.mmap(two.fileno(), 0, access=mmap.ACCESS_READ)
        with left, right, memoryview(left) as a, memoryview(right) as b:
            return PREFIX if _is_mapped(left, a, b, old, new) else OTHER


def mapped(data: bytes, old: bytes, new: bytes) -> bytes:
    """The content as it would be in the other prefix."""
    return data.replace(old, new)


def first_difference(first: Path, second: Path) -> int:
    """The offset of the first byte that differs, counted from 0."""
    at = 0
    with first.open("rb") as one, second.open("rb") as two:
        while True:
            a, b = one.read(_BLOCK), two.read(_BLOCK)
            if a != b:
                return at + next(
                    (n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y),
                    min(len(a), len(b)),
                )
            if not a:
                return at
            at += len(a)


def _is_same(first: Path, second: Path) -> bool:
    with first.open("rb", 0) as one, second.open("rb", 0) as two:
        while True:
            a, b = one.read(_BLOCK), two.read(_BLOCK)
            if a != b:
                return False
            if not a:
                return True


def _is_mapped(left: mmap.mmap, a: memoryview, b: memoryview, old: bytes, new: bytes) -> bool:
    """Whether only the prefix differs: each piece between its places is compared in place."""
    at, size = 0, len(old)
    while (found := left.find(old, at)) >= 0:
        if a[at:found] != b[at:found] or b[found : found + size] != new:
            return False
        at = found + size
    return at > 0 and a[at:] == b[at:]
