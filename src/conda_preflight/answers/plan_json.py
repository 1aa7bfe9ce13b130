"""``image plan`` as JSON, version 1, in ASCII."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from conda_preflight.documents import Package
from conda_preflight.imaging.plan import Plan

VERSION = 1


def write(plans: Sequence[Plan], subject: str) -> str:
    """One JSON document that ends with a line feed; sizes are in bytes."""
    document = {
        "schema_version": VERSION,
        "subject": subject,
        "plans": [_plan(plan) for plan in plans],
    }
    return json.dumps(document, indent=2) + "\n"


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "place": plan.place,
        "size": plan.size,
        "limit": plan.limits.limit,
        "parts": dict(plan.limits.parts),
        "layers": [
            {
                "tier": layer.tier,
                "size": layer.size,
                "packages": [_package(package) for package in layer.packages],
            }
            for layer in plan.layers
        ],
        "pulls": [
            {"package": pull.name, "size": pull.own, "shipped": pull.shipped} for pull in plan.pulls
        ],
        "beyond": round(plan.beyond, 6),
        "beyond_in_one_layer": round(plan.beyond_at_once, 6),
        "needless": [
            {"package": n.name, "kind": n.kind, "size": n.size, "needed_by": list(n.needed_by)}
            for n in plan.needless
        ],
        "unknown_sizes": list(plan.unknown),
    }


def _package(package: Package) -> dict[str, str]:
    return {
        "manager": package.manager,
        "name": package.name,
        "version": package.version,
        "build": package.build,
    }
