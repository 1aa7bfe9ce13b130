"""A record in OSV's format becomes an advisory; whatever it holds, it is bounded.

Source: https://ossf.github.io/osv-schema/. What the schema leaves to each database
(``database_specific``) is read where its keys are known; the rest is left.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from conda_preflight.documents.advisory import Advisory, Affected
from conda_preflight.errors import ReadError
from conda_preflight.facts.advisory_sources import WRITERS
from conda_preflight.facts.names import normalized
from conda_preflight.pattern import lazy_pattern

MAX_BYTES = 4 * 1024 * 1024
"""How long one record may be, in bytes."""

_WORDS, _LINE, _VERSION = 3000, 400, 200
_MANY, _RANGES, _EVENTS, _VERSIONS = 1000, 1000, 4000, 20_000
_ALIASES, _REFERENCES, _NOTES = 50, 10, 20
_ID = lazy_pattern(r"[A-Za-z0-9][A-Za-z0-9._:+-]{0,127}")
_EVENT_NAMES = ("introduced", "fixed", "last_affected", "limit")
_TOLD = ("quality", "area", "tool_or_lib", "cna", "raw")
_TOLD_OF_PRODUCT = ("jll", "versions_are", "component", "last_known_affected_version_range")
_RATINGS = {"MODERATE": "MEDIUM", "LOW": "LOW", "MEDIUM": "MEDIUM", "HIGH": "HIGH"}
_RATINGS |= {"IMPORTANT": "HIGH", "CRITICAL": "CRITICAL"}


def parse(text: bytes | str) -> Advisory:
    """The advisory of one record as JSON; raises ReadError, whatever the bytes."""
    if len(text) > MAX_BYTES:
        raise ReadError(f"a record is longer than {MAX_BYTES} bytes")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise ReadError("a record is not JSON") from None
    return advisory(found)


def advisory(record: object) -> Advisory:
    """The advisory of one record; raises ReadError where it is not what the schema says.

    Lists that decide what is affected are taken whole or the record is refused; texts,
    aliases, references and notes are cut. Names of PyPI are normalized, others lower case.
    """
    held = _table(record, "a record")
    own = _table(held.get("database_specific"), "database_specific")
    products = [_table(item, "affected") for item in _many(held, "affected", _MANY)]
    identifier = record_id(held.get("id"))
    return Advisory(
        id=identifier,
        affected=tuple(found for item in products if (found := _affected(item))),
        aliases=_aliases(held, identifier),
        summary=_text(held.get("summary"), _LINE),
        words=_text(held.get("details"), _WORDS),
        modified=_text(held.get("modified"), 40),
        withdrawn=_text(held.get("withdrawn"), 40),
        vectors=tuple(dict.fromkeys(v for item in (held, *products) for v in _vectors(item))),
        score=_score(own.get("cvss_score")),
        rating=_rating(own),
        source=_text(own.get("source"), _LINE) or WRITERS.get(identifier.partition("-")[0], ""),
        precision=_text(own.get("precision"), 40),
        notes=tuple(dict.fromkeys(_notes(own, products)))[:_NOTES],
        references=tuple(_references(held)),
    )


def record_id(value: object) -> str:
    """An id as it may stand in a path or a query; raises ReadError for any other."""
    if not isinstance(value, str) or not _ID.fullmatch(value) or ".." in value:
        raise ReadError(f"a record has no id that can be one: {_text(value, 80)!r}")
    return value


def product_name(ecosystem: str, name: str) -> str:
    """A name as it is looked up: PyPI's normalized (PEP 503), any other in lower case."""
    return normalized(name) if ecosystem == "PyPI" else name.lower()


def _affected(item: Mapping[str, Any]) -> Affected | None:
    """One product of a record; None where only a repository is named."""
    package = _table(item.get("package"), "package")
    ecosystem, name = package.get("ecosystem"), package.get("name")
    if not isinstance(ecosystem, str) or not isinstance(name, str) or not ecosystem or not name:
        return None
    if len(ecosystem) > _VERSION or len(name) > _VERSION:
        raise ReadError("a product has a name without end")
    own = _table(item.get("database_specific"), "database_specific")
    ranges = [_table(one, "ranges") for one in _many(item, "ranges", _RANGES)]
    of_versions = [one for one in ranges if one.get("type") != "GIT"]
    semver = "semver" if any(one.get("type") == "SEMVER" for one in of_versions) else ""
    return Affected(
        ecosystem=_clean(ecosystem),
        name=product_name(ecosystem, _clean(name)),
        ranges=tuple(tuple(_events(one)) for one in of_versions),
        versions=_versions(_many(item, "versions", _VERSIONS)),
        scheme=_text(own.get("version_scheme"), 40) or semver,
    )


def _events(item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for one in _many(item, "events", _EVENTS):
        event = _table(one, "events")
        for name in _EVENT_NAMES:
            if event.get(name) is not None:
                yield name, _version(event[name])


def _versions(values: list[Any]) -> tuple[str, ...]:
    """Many versions at once, since a record may list a thousand."""
    if not all(type(one) is str for one in values) or max(map(len, values), default=0) > _VERSION:
        raise ReadError("a version is no text, or one without end")
    return tuple(values) if "".join(values).isascii() else tuple(map(_clean, values))


def _version(value: object) -> str:
    if not isinstance(value, str) or len(value) > _VERSION:
        raise ReadError("a version is no text, or one without end")
    return _clean(value)


def _aliases(held: Mapping[str, Any], own: str) -> tuple[str, ...]:
    named = (*_ids(held, "aliases"), *_same_upstream(held))
    return tuple(one for one in dict.fromkeys(named) if one != own)[:_ALIASES]


def _same_upstream(held: Mapping[str, Any]) -> tuple[str, ...]:
    """``upstream`` of a record about the product itself that names one CVE: the same flaw.

    A repackager's record is told of the upstream product here; for any other, as a wheel that
    bundles it, the upstream flaw is another one.
    """
    named = _ids(held, "upstream")
    own = all(
        _table(_table(item, "affected").get("package"), "package").get("ecosystem") == "Upstream"
        for item in _some(held, "affected")
    )
    return named if own and sum(one.startswith("CVE-") for one in named) == 1 else ()


def _ids(held: Mapping[str, Any], key: str) -> tuple[str, ...]:
    found = (one for one in _some(held, key) if isinstance(one, str) and _ID.fullmatch(one))
    return tuple(found)


def _vectors(item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for one in _some(item, "severity")[:_NOTES]:
        if isinstance(one, dict) and _text(one.get("type"), 40).startswith("CVSS_"):
            yield _text(one["type"], 40), _text(one.get("score"), _LINE)


def _score(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 10:  # noqa: PLR2004
        return None
    return float(value)


def _rating(own: Mapping[str, Any]) -> str:
    words = (_text(own.get(key), 20).upper() for key in ("severity_rating", "severity"))
    return next((_RATINGS[word] for word in words if word in _RATINGS), "")


def _notes(own: Mapping[str, Any], products: list[Mapping[str, Any]]) -> Iterator[str]:
    """What a database says beyond the schema, each as "key: value"."""
    kept = _some(own, "conda_preflight_notes")
    yield from (_text(one, _LINE) for one in kept if isinstance(one, str))
    yield from _told(own, _TOLD)
    for item in products:
        yield from _told(
            _table(item.get("database_specific"), "database_specific"), _TOLD_OF_PRODUCT
        )
        if any(isinstance(one, dict) and one.get("type") == "GIT" for one in _some(item, "ranges")):
            yield "ranges: commits"


def _told(own: Mapping[str, Any], keys: tuple[str, ...]) -> Iterator[str]:
    for key in keys:
        value = own.get(key)
        for one in value[:_NOTES] if isinstance(value, list) else (value,):
            if isinstance(one, str) and one:
                yield f"{key}: {_text(one, _VERSION)}"


def _references(held: Mapping[str, Any]) -> Iterator[str]:
    """The first addresses; what cannot be opened as a page is no reference."""
    found = (one.get("url") for one in _some(held, "references") if isinstance(one, dict))
    pages = (u for u in found if isinstance(u, str) and u.startswith(("https://", "http://")))
    yield from [_clean(url) for url in pages if len(url) <= _LINE][:_REFERENCES]


def _table(value: object, what: str) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ReadError(f"{what} is no table")
    return value


def _many(held: Mapping[str, Any], key: str, most: int) -> list[Any]:
    value = held.get(key) or []
    if not isinstance(value, list):
        raise ReadError(f"{key} is no list")
    if len(value) > most:
        raise ReadError(f"{key} has more than {most} items")
    return value


def _some(held: Mapping[str, Any], key: str) -> list[Any]:
    value = held.get(key)
    return value[:_MANY] if isinstance(value, list) else []


def _text(value: object, most: int) -> str:
    return _clean(value[:most]) if isinstance(value, str) else ""


def _clean(text: str) -> str:
    """The text without halves of surrogate pairs, which no file can hold."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
