"""What ``verify`` says, for people and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conda_preflight.coverage import coverage
from conda_preflight.writers.escaping import visible
from conda_preflight.writers.wording import checks, findings

if TYPE_CHECKING:
    from conda_preflight.attesting.acceptance import Answer
    from conda_preflight.attesting.statement import Statement

VERSION = 1
_TIME = "%Y-%m-%d %H:%M UTC"


def write(answer: Answer) -> str:
    """One line with the answer, then what the statement rests on, where it was signed."""
    head = f"REFUSED: {answer.reason}" if answer.reason else "ACCEPTED"
    rows = [f"{head}.", *(_about(answer.statement) if answer.statement else ())]
    rows += [f"  signed by {name}" for name in answer.signers]
    return "".join(visible(row) + "\n" for row in rows)


def _about(said: Statement) -> list[str]:
    cover = coverage(said.report)
    skipped = ", ".join(phase.family.name for phase in cover.skipped)
    unselected = ", ".join(family.name for family in cover.unselected)
    rows = [f"  {each.name}  sha256:{each.sha256}" for each in said.subjects]
    rows.append(
        f"  audited {said.audited.strftime(_TIME)} by conda-preflight {said.report.version}"
    )
    rows.append(f"  {checks(cover.count)}; {findings(cover.tally)}")
    rows += [f"  not checked: {skipped}"] if skipped else []
    rows += [f"  not part of it: {unselected}"] if unselected else []
    return rows


def write_json(answer: Answer) -> str:
    """One JSON document that ends with a line feed; ``docs/attest.md`` has its keys."""
    document: dict[str, Any] = {
        "schema_version": VERSION,
        "accepted": not answer.reason,
        "reason": answer.reason or None,
        "signers": list(answer.signers),
        "statement": _statement(answer.statement) if answer.statement else None,
    }
    return json.dumps(document, indent=2) + "\n"


def _statement(said: Statement) -> dict[str, Any]:
    cover = coverage(said.report)
    return {
        "subjects": [{"name": each.name, "sha256": each.sha256} for each in said.subjects],
        "audited": said.audited.isoformat(),
        "signed": said.signed.isoformat(),
        "verdict": said.report.verdict.value,
        "version": said.report.version,
        "targets": {each.name: each.verdict.value for each in said.report.targets},
        "skipped_families": [phase.family.name for phase in cover.skipped],
        "unselected_families": [family.name for family in cover.unselected],
    }
