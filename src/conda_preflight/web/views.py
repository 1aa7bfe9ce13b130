"""What pages and API show, as plain values from the ledger; None where there is no such thing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from conda_preflight.ledger.board import position
from conda_preflight.ledger.book import Ledger
from conda_preflight.ledger.overview import State
from conda_preflight.ledger.record import Environment, Mark, Record
from conda_preflight.plain import document_type
from conda_preflight.record_difference import record_difference
from conda_preflight.web.comparing import Comparison
from conda_preflight.web.parameters import cursor
from conda_preflight.web.shown import KeptFinding, KeptPart, Summary

Values = Mapping[str, Any]
_ORDER = {"error": 0, "warning": 1, "note": 2}
SOON = 30
"""Days that are called soon."""


@document_type
class Page:
    """A part of a list; ``next`` says where the next part begins, empty at the end."""

    items: tuple[Any, ...]
    next: str = ""


def environments(ledger: Ledger, given: Values) -> Page:
    """A page of environments in the order that was asked for."""
    found = ledger.board().environments(
        sort=given["sort"],
        named=given["named"],
        verdict=given["verdict"],
        limit=given["limit"] + 1,
        after=_fitting(given["after"], 3 if given["sort"] == "verdict" else 2),
    )
    shown = found[: given["limit"]]
    more = len(found) > len(shown)
    return Page(shown, cursor(position(given["sort"], shown[-1])) if more else "")


def environment(ledger: Ledger, given: Values) -> State | None:
    """One environment."""
    return ledger.board().environment(given["id"])


def records(ledger: Ledger, given: Values) -> Page | None:
    """The records of an environment, the newest first."""
    state = ledger.board().environment(given["id"])
    if state is None:
        return None
    before = given["before"] or None
    limit = given["limit"]
    found = ledger.timeline(state.project, state.subject, limit + 1, before)
    more = str(found[limit - 1].seq) if len(found) > limit else ""
    return Page(found[:limit], more)


def record(ledger: Ledger, given: Values) -> Summary | None:
    """One record without its bulk."""
    lines = ledger.lines([given["seq"]])
    if not lines:
        return None
    whole = ledger.record(given["seq"])
    number = ledger.board().number_of(whole.project, whole.subject)
    return Summary.of(lines[0], whole, number)


def findings(ledger: Ledger, given: Values) -> Page | None:
    """The findings of a record, those that count first."""
    whole = _record(ledger, given["seq"])
    return None if whole is None else findings_of(whole, given)


def findings_of(whole: Record, given: Values) -> Page:
    """A page of the findings of a record."""
    wanted = given["family"]
    marks = [m for m in ordered(whole.marks) if not wanted or m.rule.partition("/")[0] == wanted]
    return _cut([KeptFinding.of(mark) for mark in marks], given)


def packages(ledger: Ledger, given: Values) -> Page | None:
    """The packages of a record, by file, environment, platform and name."""
    whole = _record(ledger, given["seq"])
    return None if whole is None else _cut(_parts(whole, given["named"]), given)


def _parts(whole: Record, named: str) -> list[KeptPart]:
    return [
        KeptPart.of(each, one, size)
        for each in whole.environments
        for one, size in zip(each.packages, _sizes(each), strict=True)
        if named.lower() in one.name.lower()
    ]


def _sizes(each: Environment) -> Sequence[int]:
    known = each.links.sizes if each.links else ()
    return known or (0,) * len(each.packages)


def targets(ledger: Ledger, given: Values) -> Page:
    """Environments that were judged by targets, by name."""
    limit = given["limit"]
    after = _fitting(given["after"], 2)
    found = ledger.board().judged(named=given["named"], limit=limit + 1, after=after)
    last = found[limit - 1] if len(found) > limit else None
    return Page(found[:limit], cursor((last.name, last.id)) if last else "")


def compared(ledger: Ledger, given: Values) -> Comparison | None:
    """What differs between two records, None where one of them is not there."""
    old, new = (_record(ledger, given[key]) for key in ("old", "new"))
    if old is None or new is None:
        return None
    names = (f"record {given['old']}", f"record {given['new']}")
    return Comparison.of(given["old"], given["new"], record_difference(old, new, names))


def waivers(ledger: Ledger, given: Values) -> Page:
    """Exceptions with an end, the soonest first."""
    limit = given["limit"]
    found = ledger.board().waivers(limit=limit + 1, after=_fitting(given["after"], 4))
    last = found[limit - 1] if len(found) > limit else None
    more = cursor((last.until, last.id, last.rule, last.reason)) if last else ""
    return Page(found[:limit], more)


def fleets(ledger: Ledger, _: Values) -> Page:
    """The fleets that answered."""
    return Page(ledger.board().fleets())


def nodes(ledger: Ledger, given: Values) -> Page:
    """The latest answers of the nodes of a fleet."""
    return Page(ledger.board().nodes(given["fleet"]))


def over_time(ledger: Ledger, given: Values) -> Page:
    """Findings by day."""
    return Page(ledger.findings_over_time(given["since"]))


def today() -> str:
    """The day, in UTC."""
    return datetime.now(UTC).date().isoformat()


def soon() -> str:
    """The last day of what is called soon."""
    return (datetime.now(UTC) + timedelta(days=SOON)).date().isoformat()


def ordered(marks: Iterable[Mark]) -> list[Mark]:
    """Those that are not muted first, then by weight and place."""
    return sorted(
        marks,
        key=lambda m: (bool(m.muted), _ORDER.get(m.severity, 3), m.path, m.line, m.rule, m.about),
    )


def _record(ledger: Ledger, seq: int) -> Record | None:
    return ledger.record(seq) if ledger.lines([seq]) else None


def _cut(found: Sequence[object], given: Values) -> Page:
    """A page of what is in memory; its position is a number of rows."""
    first, limit = given["skip"], given["limit"]
    last = first + limit
    return Page(tuple(found[first:last]), str(last) if last < len(found) else "")


def _fitting(after: Sequence[str | int], length: int) -> Sequence[str | int]:
    """A position of another order is none."""
    return after if len(after) == length else ()
