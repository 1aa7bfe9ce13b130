"""The pip half that conda-lock writes into an explicit list, as comments that conda skips."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.documents import Location, Package, Source
from conda_preflight.facts.names import normalized
from conda_preflight.grammar import pypi_url
from conda_preflight.pattern import lazy_pattern

_LINE = lazy_pattern(
    r"[ \t]*#[ \t]*pip[ \t]+(?=(?:[A-Za-z0-9][\w.-]*(?:\[[^\]]*\])?[ \t]*(?:@|==)|--hash))"
)
_NAME = lazy_pattern(r"([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?[ \t]*(@|==)[ \t]*(\S*)")
_SHA256 = lazy_pattern(r"sha256[:=]([0-9a-fA-F]{64})(?![0-9a-fA-F])")


def pip_packages(source: Source) -> list[Package]:
    """The packages of ``# pip name @ url --hash=sha256:...``, the hash maybe a line below."""
    return [_package(place, text) for place, text in _entries(source)]


def _entries(source: Source) -> Iterator[tuple[Location, str]]:
    """Each entry with its continuation lines joined, and the place of its first."""
    place, text = None, ""
    for number, line in enumerate(source.lines, 1):
        match = _LINE.match(line)
        if match is None:
            continue
        rest = line[match.end() :].rstrip()
        if rest.startswith("--hash"):
            text = f"{text} {rest}"
            continue
        if place:
            yield place, text
        length = len(rest.removesuffix("\\").rstrip())
        place, text = Location(source.path, number, match.end() + 1, length), rest
    if place:
        yield place, text


def _package(place: Location, text: str) -> Package:
    match = _NAME.match(text)
    name, operator, rest = match.groups() if match else ("", "", "")
    url = rest.partition("#")[0] if operator == "@" else ""
    digest = _SHA256.search(text)
    return Package(
        manager="pypi",
        name=normalized(name),
        version=pypi_url.parse(url)[1] if url else rest,
        location=place,
        url=url,
        sha256=digest[1].lower() if digest else "",
    )
