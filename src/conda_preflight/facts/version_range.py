"""Ranges of releases as tables state them: from the first to the last, both included."""

from __future__ import annotations

from functools import lru_cache

from conda_preflight.pattern import lazy_pattern

Numbers = tuple[int, ...]


@lru_cache(maxsize=16384)
def numbers(text: str) -> Numbers:
    """``(525, 60, 13)`` of "525.60.13"; what follows the numbers is left out."""
    found = lazy_pattern(r"\d{1,9}(?:\.\d{1,9}){0,5}").match(text)
    return tuple(map(int, found[0].split("."))) if found else ()


@lru_cache(maxsize=8192)
def covers(first: str, last: str, version: str) -> bool:
    """Whether a version lies between: ``2.1`` to ``2.6`` holds 2.6.3, ``2.1.0`` alone that one."""
    if first == last and version.partition("+")[0] == first:
        return True
    low, high, have = numbers(first), numbers(last), numbers(version)
    if not have or (first == last and not _is_series(first)):
        return False
    return low <= (*have, *([0] * (len(low) - len(have))))[: len(low)] and have[: len(high)] <= high


def _is_series(text: str) -> bool:
    """Whether a version stands for all that begin like it: ``2.15``, and not ``2.15.1``."""
    return text.count(".") == 1
