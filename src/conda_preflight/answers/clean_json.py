"""``clean`` as JSON, version 1, in ASCII; ``docs/clean.md`` has its keys."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from conda_preflight.cleaning.age import last_use
from conda_preflight.cleaning.journal import Journal, Move
from conda_preflight.cleaning.plan import Plan
from conda_preflight.cleaning.policy import Decision

VERSION = 1


def plan(shown: Plan) -> str:
    """What would be freed; sizes in bytes, times in seconds since 1970."""
    document = {
        "totals": [asdict(total) for total in shown.totals],
        "together": asdict(shown.whole),
        "things": [_thing(each) for each in shown.decisions],
        "trash": [_run(run) for run in shown.trash],
        "hidden_processes": shown.running.hidden,
        "notes": list(shown.notes),
    }
    return _text(document)


def done(freed: int, moves: Sequence[Move], name: str, left: Sequence[str]) -> str:
    """What was done: freed bytes, what was moved, the run to take back, what stays and why."""
    document = {
        "freed": freed,
        "run": name or None,
        "moved": [_move(move) for move in moves],
        "left": list(left),
    }
    return _text(document)


def restored(moves: Sequence[Move], left: Sequence[str]) -> str:
    """What is back where it was, and what is not and why."""
    return _text({"restored": [move.source for move in moves], "left": list(left)})


def trash(runs: Sequence[Journal]) -> str:
    """What lies in the trash."""
    return _text({"trash": [_run(run) for run in runs]})


def _thing(each: Decision) -> dict[str, Any]:
    found = each.found
    return {
        "kind": found.kind,
        "tool": found.tool,
        "path": found.path,
        "action": each.action,
        "reason": each.reason,
        "size": found.usage.size,
        "frees": found.usage.own,
        "may_free_less": found.can_share,
        "files": found.usage.files,
        "environment": _environment(each) if found.environment else None,
    }


def _environment(each: Decision) -> dict[str, Any] | None:
    about = each.found.environment
    if about is None:
        return None
    last = last_use(about, each.found.usage)
    return {
        "name": about.name,
        "base": bool(about.base),
        "frozen": about.frozen,
        "project": about.project or None,
        "project_by": about.told_by or None,
        "last_used": None if last.why_unknown else last.when,
        "last_used_by": None if last.why_unknown else last.evidence,
    }


def _run(run: Journal) -> dict[str, Any]:
    return {
        "name": run.name,
        "state": run.state,
        "made": run.made,
        "expires": run.expires,
        "moved": [_move(move) for move in run.moves],
    }


def _move(move: Move) -> dict[str, Any]:
    return {"from": move.source, "to": move.target, "kind": move.kind, "size": move.size}


def _text(document: dict[str, Any]) -> str:
    return json.dumps({"schema_version": VERSION, **document}, indent=2) + "\n"
