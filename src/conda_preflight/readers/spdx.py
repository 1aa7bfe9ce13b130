"""An SPDX 2 document in JSON; source: https://spdx.github.io/spdx-spec/v2.3/."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from conda_preflight.documents import Document, Location, Package, Sbom, Source
from conda_preflight.errors import ReadError
from conda_preflight.grammar.component import Component, Places, package_of, with_needs
from conda_preflight.grammar.json_record import JsonRecord, load
from conda_preflight.grammar.purl import kind_of
from conda_preflight.pattern import lazy_pattern

_MARK = lazy_pattern(r'"spdxVersion"\s{0,20}:\s{0,20}"SPDX-2')
_NOTHING = ("NOASSERTION", "NONE")
_FORWARD, _BACKWARD = "DEPENDS_ON", "DEPENDENCY_OF"


def recognizes(source: Source) -> bool:
    """A JSON object with ``"spdxVersion": "SPDX-2...."``."""
    return source.text[:100].lstrip().startswith("{") and bool(_MARK.search(source.text))


def read(source: Source) -> list[Document]:
    """One Sbom with the packages of conda and of PyPI; raises ReadError for other JSON."""
    top = load(source)
    if not top.text("spdxVersion").startswith("SPDX-2"):
        raise ReadError("This JSON is no SPDX 2 document: its spdxVersion is another", "", 1, 1)
    places, others = Places(source), Counter[str]()
    packages: dict[str, Package] = {}
    for number, record in enumerate(top.records("packages")):
        told = _component(record)
        package = package_of(told, places.of(record.text("SPDXID") or record.text("name")))
        if package:
            packages.setdefault(record.text("SPDXID") or f"#{number}", package)
        else:
            others[next(map(kind_of, told.purls), "")] += 1
    return [
        Sbom(
            path=source.path,
            kind="spdx",
            version=top.text("spdxVersion").removeprefix("SPDX-"),
            location=Location(source.path, 1, 1),
            packages=with_needs(packages, _needs(top)),
            name=top.text("name"),
            others=dict(sorted(others.items())),
        )
    ]


def _component(record: JsonRecord) -> Component:
    links = record.records("externalRefs")
    purls = (x.text("referenceLocator") for x in links if x.text("referenceType") == "purl")
    sums = record.records("checksums")
    return Component(
        purls=tuple(dict.fromkeys(filter(None, purls))),
        licence=_told(record.text("licenseDeclared")) or _told(record.text("licenseConcluded")),
        url=_told(record.text("downloadLocation")),
        digests=tuple((s.text("algorithm"), s.text("checksumValue")) for s in sums),
    )


def _told(text: str) -> str:
    return "" if text in _NOTHING else text


def _needs(top: JsonRecord) -> Iterator[tuple[str, str]]:
    for record in top.records("relationships"):
        one, other = record.text("spdxElementId"), record.text("relatedSpdxElement")
        if record.text("relationshipType") == _FORWARD:
            yield one, other
        elif record.text("relationshipType") == _BACKWARD:
            yield other, one
