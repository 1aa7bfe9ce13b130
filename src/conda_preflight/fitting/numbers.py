"""Versions of drivers, toolkits and libraries, which are numbers with dots."""

from __future__ import annotations

from functools import lru_cache

from conda_preflight.pattern import lazy_pattern

Numbers = tuple[int, ...]


@lru_cache(maxsize=16384)
def numbers(text: str) -> Numbers:
    """``(525, 60, 13)`` of "525.60.13"; what follows the numbers is left out."""
    found = lazy_pattern(r"\d{1,9}(?:\.\d{1,9}){0,5}").match(text)
    return tuple(map(int, found[0].split("."))) if found else ()


def reaches(have: Numbers, least: Numbers) -> bool:
    """Whether a version is not below another, as far as both are stated: 525 reaches 525.60."""
    common = min(len(have), len(least))
    return have[:common] >= least[:common]
