"""``fleet`` of nodes as JSON, version 1, in ASCII; ``docs/fleet.md`` has its keys."""

from __future__ import annotations

import json
from typing import Any

from conda_preflight.fleet.answers import NodeAnswer
from conda_preflight.fleet.differences import Difference, Unlike
from conda_preflight.fleet.outcome import Fleet
from conda_preflight.report import Verdict

VERSION = 1


def write(fleet: Fleet) -> str:
    """One JSON document that ends with a line feed."""
    document = {
        "schema_version": VERSION,
        "verdict": fleet.verdict.value,
        "name": fleet.name,
        "fail_on": fleet.fail_on.value,
        "counts": {verdict.value: fleet.counts.get(verdict, 0) for verdict in Verdict},
        "nodes": [_node(fleet, answer) for answer in fleet.answers],
        "differences": [_difference(each) for each in fleet.differences],
        "environments": [_unlike(each) for each in fleet.unlike],
        "notes": list(fleet.notes),
    }
    return json.dumps(document, indent=2) + "\n"


def _node(fleet: Fleet, answer: NodeAnswer) -> dict[str, Any]:
    clock = answer.clock
    return {
        "node": answer.node,
        "status": answer.status,
        "reason": answer.reason,
        "verdict": fleet.verdict_of(answer).value,
        "audit": answer.report.get("verdict"),
        "differs": [each.fact for each in fleet.of(answer.node)],
        "seconds": round(answer.seconds, 3),
        "clock": {"ahead": clock.ahead, "bound": clock.bound} if clock else None,
        "measured": dict(sorted(answer.measured.items())),
        "sheet": answer.sheet or None,
        "report": answer.report or None,
    }


def _difference(each: Difference) -> dict[str, Any]:
    return {
        "fact": each.fact,
        "title": each.title,
        "severity": each.severity.value,
        "has_majority": each.has_majority,
        "outliers": list(each.outliers),
        "values": [
            {"value": value.text or None, "nodes": list(value.nodes)} for value in each.values
        ],
    }


def _unlike(each: Unlike) -> dict[str, Any]:
    return {
        "node": each.node,
        "against": each.other,
        "files": each.files,
        "changed": list(each.changed),
        "missing": list(each.missing),
        "more": list(each.more),
        "packages": [
            {"name": name, "there": there or None, "here": here or None}
            for name, there, here in each.packages
        ],
    }
