"""The checklist of a record: what each phase found, and how much of it could not tell."""

from __future__ import annotations

from collections import Counter

from conda_preflight.families import Family, family_of, in_order
from conda_preflight.ledger.record import Record
from conda_preflight.plain import document_type


@document_type
class Phase:
    """One phase; ``state`` is passed, failed, warned or skipped; numbers are of findings, rules."""

    family: Family
    state: str
    errors: int
    warnings: int
    notes: int
    muted: int
    rules: int
    unchecked: int


def phases(record: Record) -> tuple[Phase, ...]:
    """The phases in the order of the checklist."""
    names = [family_of(rule) for rule in (*record.rules, *(m.rule for m in record.marks))]
    found = Counter((family_of(m.rule), "muted" if m.muted else m.severity) for m in record.marks)
    rules = Counter(family_of(rule) for rule in record.rules)
    unchecked = Counter(family_of(rule) for rule in {rule for rule, _ in record.unchecked})
    return tuple(_phase(each, found, rules, unchecked) for each in in_order(names))


def _phase(
    family: Family,
    found: Counter[tuple[str, str]],
    rules: Counter[str],
    unchecked: Counter[str],
) -> Phase:
    name = family.name
    errors, warnings, notes, muted = (
        found[name, kind] for kind in ("error", "warning", "note", "muted")
    )
    untold = unchecked[name]
    state = "passed" if untold < rules[name] else "skipped"
    if warnings or notes:
        state = "warned"
    if errors:
        state = "failed"
    return Phase(family, state, errors, warnings, notes, muted, rules[name], untold)
