"""``conda list --export``: one ``name=version=build`` a line."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.documents import Document, Location, Lock, Package, Source
from conda_preflight.errors import ReadError
from conda_preflight.facts.names import normalized
from conda_preflight.grammar.conda_url import build_number
from conda_preflight.grammar.list_header import CREATED_BY, header
from conda_preflight.grammar.package_list import count
from conda_preflight.pattern import lazy_pattern

_LINE = lazy_pattern(r"([^\s=#,;<>!~@\[\]]+)=([^\s=#,;]+)(?:=([^\s=#,;]+))?")
_PIP_BUILDS = frozenset(("pypi_0", "<pip>", "pypi"))
_HINT = "Write name=version=build, or export the list again with `conda list --export`."


def recognizes(source: Source) -> bool:
    """A text whose every line is such a triple, or whose first is, below conda's own header."""
    first = next(_entries(source), None)
    if first is None or not _is_triple(first[1]):
        return False
    if CREATED_BY in source.text[:2000]:
        return True
    return all(_is_triple(word) for _, word in _entries(source))


def read(source: Source) -> list[Document]:
    """One Lock for the platform of the header; raises ReadError at a line of another kind."""
    head = header(source)
    platform = head.platform
    packages = tuple([_package(place, word, platform) for place, word in _entries(source)])
    if not packages:
        raise ReadError("The list names no package", _HINT, 1, 1)
    lock = Lock(
        path=source.path,
        kind="conda-list",
        version="",
        location=Location(source.path, 1, 1),
        platforms=(platform,) if platform else (),
        packages=packages,
        name=head.name,
        entries=count(p.manager for p in packages),
    )
    return [lock]


def _entries(source: Source) -> Iterator[tuple[Location, str]]:
    """The lines that are neither empty nor comments, without the space around them."""
    for number, line in enumerate(source.lines, 1):
        word = line.partition(" #")[0].strip()
        if word and not word.startswith("#"):
            yield Location(source.path, number, line.index(word) + 1, len(word)), word


def _is_triple(word: str) -> bool:
    match = _LINE.fullmatch(word)
    return bool(match and match[3])


def _package(place: Location, word: str, platform: str) -> Package:
    match = _LINE.fullmatch(word)
    if match is None:
        raise ReadError("This line is not name=version=build", _HINT, place.line, place.column)
    name, version, build = match[1], match[2], match[3] or ""
    pip = build in _PIP_BUILDS
    return Package(
        manager="pypi" if pip else "conda",
        name=normalized(name) if pip else name.lower(),
        version=version,
        location=place,
        build="" if pip else build,
        build_number=None if pip else build_number(build),
        platform=platform,
    )
