"""The table of known failures and the rules that see them, for its page."""

from __future__ import annotations

from conda_preflight.facts.failure_modes import STAGES, Sight, modes
from docs.markup import cell, table

_TITLES = {"lock": "From the lock", "prefix": "In the prefix", "node": "On the machine"}


def failure_modes() -> str:
    """One row for each failure: what it is, and which rule sees it at which stage."""
    head = ("Failure", *(_TITLES[stage] for stage in STAGES))
    rows = (
        (cell(f"`{mode.name}`: {mode.title}"), *(_told(mode.seen.get(s)) for s in STAGES))
        for mode in modes()
    )
    return table(head, rows)


def _told(sight: Sight | None) -> str:
    if sight is None:
        return "-"
    if not sight.rules:
        return cell(f"not yet: {sight.reason}")
    return ", ".join(f"[{rule}](rules/{rule}.md)" for rule in sight.rules)
