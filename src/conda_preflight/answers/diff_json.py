"""``diff`` as JSON, version 1, in ASCII."""

from __future__ import annotations

import json
from typing import Any

from conda_preflight.answers.changes import by_kind
from conda_preflight.answers.why_json import place
from conda_preflight.comparison import Change, Compared, Comparison, Move, Total, build
from conda_preflight.difference import Difference
from conda_preflight.documents import Package
from conda_preflight.grammar.url import redact
from conda_preflight.manifest_comparison import ManifestChange

VERSION = 1


def write(difference: Difference) -> str:
    """One JSON document that ends with a line feed; ``docs/diff.md`` has its keys."""
    packages = difference.packages
    document = {
        "schema_version": VERSION,
        "old": difference.old,
        "new": difference.new,
        "differs": not difference.empty,
        "manifests": [_manifest(each) for each in difference.manifests],
        "manifests_compared": difference.manifests_compared,
        "packages_compared": packages is not None,
        "counts": _counts(packages) if packages else {},
        "packages": [_change(each) for each in packages.changes] if packages else [],
        "places": [_place(each) for each in packages.places] if packages else [],
    }
    return json.dumps(document, indent=2) + "\n"


def _counts(packages: Comparison) -> dict[str, int]:
    return {kind: len({c.name for c in some}) for kind, some in by_kind(packages).items()}


def _manifest(change: ManifestChange) -> dict[str, Any]:
    return {
        "environment": change.environment,
        "old": change.old or None,
        "new": change.new or None,
        "channels_reordered": change.reordered,
        "lines": [
            {"part": line.part, "old": line.old or None, "new": line.new or None}
            for line in change.lines
        ],
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "change": change.kind,
        "name": change.name,
        "at": [_move(move) for move in change.moves],
    }


def _move(move: Move) -> dict[str, Any]:
    return {**place(move.place), "old": _package(move.old), "new": _package(move.new)}


def _package(package: Package | None) -> dict[str, Any] | None:
    if package is None:
        return None
    return {
        "manager": package.manager,
        "name": package.name,
        "version": package.version,
        "build": build(package),
        "channel": redact(package.channel),
        "size": package.size or None,
        "sha256": package.sha256,
        "md5": package.md5,
        "url": redact(package.url),
    }


def _place(compared: Compared) -> dict[str, Any]:
    return {
        **place(compared.place),
        "old_place": place(compared.old_place),
        "old": _total(compared.old),
        "new": _total(compared.new),
        "growth": compared.growth,
    }


def _total(total: Total | None) -> dict[str, int] | None:
    if total is None:
        return None
    return {"packages": total.packages, "size": total.size, "unknown_sizes": total.unsized}
