"""Whether two sets of versions have one in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from conda_preflight.grammar.pep440 import versions_allow
from conda_preflight.pattern import lazy_pattern

_VERSION = lazy_pattern(r"[<>=!~]+\s*v?([\w.!+-]*\w)")
_RELEASE = lazy_pattern(r"(?:\d+!)?\d+(?:\.\d+)*")


def disjoint(first: Iterable[str], second: Iterable[str]) -> bool:
    """True when no version meets one of the first specifiers and one of the second.

    Sets of versions are intervals, so it is enough to try where they end, and just above
    and below; no specifier at all is any version.
    """
    left, right = tuple(first) or ("",), tuple(second) or ("",)
    return not any(
        _allowed(left, version) and _allowed(right, version)
        for version in dict.fromkeys(_ends((*left, *right)))
    )


def _allowed(specifiers: Iterable[str], version: str) -> bool:
    return any(versions_allow(spec, version) for spec in specifiers)


def _ends(specifiers: Iterable[str]) -> Iterator[str]:
    yield "0"
    for version in (v for spec in specifiers for v in _VERSION.findall(spec)):
        yield version
        if release := _RELEASE.match(version):
            yield f"{release[0]}.0.0.0.1"
            yield f"{release[0]}.dev0"
