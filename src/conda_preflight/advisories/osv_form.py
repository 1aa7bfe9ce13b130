"""An advisory as a record in OSV's format again, in which databases hold and exchange it."""

from __future__ import annotations

from typing import Any

from conda_preflight.documents.advisory import Advisory, Affected


def osv_form(advisory: Advisory) -> dict[str, Any]:
    """The record from which ``record.advisory`` makes an equal advisory."""
    own = {
        "source": advisory.source,
        "precision": advisory.precision,
        "cvss_score": advisory.score,
        "severity_rating": advisory.rating,
        "conda_preflight_notes": list(advisory.notes),
    }
    record = {
        "id": advisory.id,
        "modified": advisory.modified,
        "withdrawn": advisory.withdrawn,
        "aliases": list(advisory.aliases),
        "summary": advisory.summary,
        "details": advisory.words,
        "affected": [_affected(item) for item in advisory.affected],
        "severity": [{"type": kind, "score": vector} for kind, vector in advisory.vectors],
        "references": [{"type": "WEB", "url": url} for url in advisory.references],
        "database_specific": _without_nothing(own),
    }
    return _without_nothing(record)


def _affected(item: Affected) -> dict[str, Any]:
    ranges = [
        {"type": "ECOSYSTEM", "events": [{name: version} for name, version in events]}
        for events in item.ranges
    ]
    product = {
        "package": {"ecosystem": item.ecosystem, "name": item.name},
        "ranges": ranges,
        "versions": list(item.versions),
        "database_specific": {"version_scheme": item.scheme} if item.scheme else None,
    }
    return _without_nothing(product)


def _without_nothing(table: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if value not in (None, "", [], {})}
