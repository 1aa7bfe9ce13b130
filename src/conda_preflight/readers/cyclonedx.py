"""A CycloneDX bill of materials in JSON; source: https://cyclonedx.org/docs/1.7/json/."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from conda_preflight.documents import Document, Location, Package, Sbom, Source
from conda_preflight.errors import ReadError
from conda_preflight.grammar.component import Component, Places, package_of, with_needs
from conda_preflight.grammar.json_record import JsonRecord, load
from conda_preflight.grammar.purl import kind_of
from conda_preflight.pattern import lazy_pattern

MAX_DEPTH = 20
"""Components within components that are looked into."""
_MARK = lazy_pattern(r'"bomFormat"\s{0,20}:\s{0,20}"CycloneDX"')


def recognizes(source: Source) -> bool:
    """A JSON object with ``"bomFormat": "CycloneDX"``."""
    return source.text[:100].lstrip().startswith("{") and bool(_MARK.search(source.text))


def read(source: Source) -> list[Document]:
    """One Sbom with the packages of conda and of PyPI; raises ReadError for other JSON."""
    top = load(source)
    if top.text("bomFormat") != "CycloneDX":
        raise ReadError("This JSON is no CycloneDX: its bomFormat is another", "", 1, 1)
    places, others = Places(source), Counter[str]()
    packages: dict[str, Package] = {}
    for number, component in enumerate(_components(top)):
        told = _component(component)
        package = package_of(told, places.of(_anchor(component)))
        if package:
            packages.setdefault(component.text("bom-ref") or f"#{number}", package)
        else:
            others[next(map(kind_of, told.purls), "")] += 1
    return [
        Sbom(
            path=source.path,
            kind="cyclonedx",
            version=top.text("specVersion"),
            location=Location(source.path, 1, 1),
            packages=with_needs(packages, _needs(top)),
            name=top.record("metadata").record("component").text("name"),
            others=dict(sorted(others.items())),
        )
    ]


def _components(top: JsonRecord) -> Iterator[JsonRecord]:
    """The components in the order of the text, each before those within it."""
    todo = [(component, 1) for component in reversed(list(top.records("components")))]
    while todo:
        component, depth = todo.pop()
        yield component
        if depth < MAX_DEPTH:
            inner = reversed(list(component.records("components")))
            todo.extend((each, depth + 1) for each in inner)


def _component(record: JsonRecord) -> Component:
    links = record.records("externalReferences")
    return Component(
        purls=tuple(dict.fromkeys(filter(None, (record.text("purl"), *_identities(record))))),
        licence=_licence(record.records("licenses")),
        url=next((x.text("url") for x in links if x.text("type") == "distribution"), ""),
        digests=tuple((h.text("alg"), h.text("content")) for h in record.records("hashes")),
    )


def _anchor(record: JsonRecord) -> str:
    return record.text("purl") or record.text("bom-ref") or record.text("name")


def _identities(record: JsonRecord) -> Iterator[str]:
    """Further package URLs that the component was found to be."""
    for identity in record.record("evidence").records("identity"):
        if identity.text("field") == "purl":
            yield identity.text("concludedValue")


def _licence(choices: Iterable[JsonRecord]) -> str:
    """The expression, or the licences, of which all are taken to hold."""
    found = []
    for choice in choices:
        one = choice.record("license")
        found.append(choice.text("expression") or one.text("id") or one.text("name"))
    return " AND ".join(filter(None, found))


def _needs(top: JsonRecord) -> Iterator[tuple[str, str]]:
    for record in top.records("dependencies"):
        for other in record.texts("dependsOn"):
            yield record.text("ref"), other
