"""The records of ``freeze`` and ``unfreeze``."""

from __future__ import annotations

from pathlib import Path

from conda_preflight.actions.freeze import Frozen
from conda_preflight.actions.recording import of_action
from conda_preflight.actions.unfreeze import Unfrozen
from conda_preflight.ledger.record import Record


def of_freeze(prefix: Path, done: Frozen) -> Record:
    """A prefix that is frozen now."""
    facts: dict[str, str | int | bool | None] = {
        "for": done.kind,
        "was_frozen": done.was_frozen,
        "marks": ", ".join(done.marks),
        "read_only": done.taken,
    }
    return of_action("freeze", prefix, reasons=done.notes, facts=facts)


def of_unfreeze(prefix: Path, done: Unfrozen) -> Record:
    """A prefix that is not frozen now."""
    facts = {"was_frozen": done.was_frozen, "altered": len(done.altered)}
    return of_action("unfreeze", prefix, facts=facts)
