"""A component of a bill of materials as a package of conda or of PyPI, by its package URLs."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from conda_preflight.documents import Location, Package, Source
from conda_preflight.facts.names import normalized
from conda_preflight.grammar.conda_url import build_number
from conda_preflight.grammar.purl import kind_of, told_by
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type

KINDS = {"conda": "conda", "pypi": "pypi"}
"""The manager of each type of package URL that is read."""

MAX_MISSES = 100
"""Components that are searched for in vain."""

_DIGESTS = {"sha256": lazy_pattern(r"[0-9a-f]{64}"), "md5": lazy_pattern(r"[0-9a-f]{32}")}


@value_type
class Component:
    """What both formats tell of a component; ``digests`` are (algorithm, hex) as written."""

    purls: tuple[str, ...]
    licence: str = ""
    url: str = ""
    digests: tuple[tuple[str, str], ...] = ()


def package_of(component: Component, place: Location) -> Package | None:
    """The package, conda's identity first; None for a component of another kind."""
    known = [purl for purl in component.purls if kind_of(purl) in KINDS]
    chosen = next((p for p in known if kind_of(p) == "conda"), "") or next(iter(known), "")
    if not chosen:
        return None
    name, version, told = told_by(chosen)
    manager = KINDS[kind_of(chosen)]
    digests = dict(_digests(component.digests))
    subdir, build = told.get("subdir", ""), told.get("build", "")
    if not name:
        return None
    return Package(
        manager=manager,
        name=name if manager == "conda" else normalized(name),
        version=version,
        location=place,
        build=build if manager == "conda" else "",
        build_number=build_number(build) if manager == "conda" else None,
        platform="" if subdir == "noarch" else subdir,
        subdir=subdir,
        channel=told.get("channel", ""),
        url=component.url,
        sha256=digests.get("sha256", ""),
        md5=digests.get("md5", ""),
        licence=component.licence,
        purls=tuple(p for p in known if kind_of(p) == "pypi") if manager == "conda" else (),
    )


def with_needs(
    packages: Mapping[str, Package], needs: Iterable[tuple[str, str]]
) -> tuple[Package, ...]:
    """The packages with the names of what they need, from pairs of references to them."""
    found: dict[str, dict[str, None]] = {}
    for one, other in needs:
        if one in packages and other in packages:
            found.setdefault(one, {}).setdefault(packages[other].name)
    return tuple(
        replace(package, depends=tuple(found[ref])) if ref in found else package
        for ref, package in packages.items()
    )


class Places:
    """Where the components of a JSON text stand: each is searched for below the one before.

    A search that finds nothing reads the whole text, so that there are few of them.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._at = 0
        self._misses = 0
        self._begins: Sequence[int] | None = None

    def of(self, word: str) -> Location:
        """The next place of a text, or the file where it is written with other escapes."""
        needle = json.dumps(word, ensure_ascii=False)
        tired = self._misses >= MAX_MISSES
        found = -1 if tired else self._source.text.find(needle, self._at)
        if found < 0:
            self._misses += 1
            return Location(self._source.path)
        self._at = found
        begins = self._begins = self._begins or list(_begins(self._source.lines))
        line = bisect_right(begins, found)
        column = found - begins[line - 1] + 2
        return Location(self._source.path, line, column, len(needle) - 2)


def _begins(lines: Iterable[str]) -> Iterator[int]:
    at = 0
    for line in lines:
        yield at
        at += len(line) + 1


def _digests(told: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for name, value in told:
        key, digest = name.lower().replace("-", ""), value.lower()
        if key in _DIGESTS and _DIGESTS[key].fullmatch(digest):
            yield key, digest
