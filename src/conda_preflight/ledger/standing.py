"""How each project and subject stands now: its verdict, and the exceptions that have an end.

Both are told by the latest audit, or by the latest record of any command where none was audited.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from conda_preflight.ledger import contents, form
from conda_preflight.pattern import lazy_pattern

if TYPE_CHECKING:
    from conda_preflight.ledger.record import Mark, Record
    from conda_preflight.ledger.store import Store

_UNTIL = lazy_pattern(r"\buntil (\d{4}-\d\d-\d\d)\b")
_STATE = "UPDATE series SET command = ?, verdict = ?, at = ? WHERE id = ?"
_SHOWN = (
    "SELECT s.id, r.body FROM series s JOIN record r ON r.seq ="
    " CASE WHEN s.audited > 0 THEN s.audited ELSE s.latest END ORDER BY s.id"
)
Excuse = tuple[str, str, str, int]
"""Last day, rule, reason, and how many findings are muted by it."""


def excuses(marks: tuple[Mark, ...]) -> list[Excuse]:
    """The exceptions with an end that mute findings, by their end; one without is not among them.

    The day stands in the reason, as ``until 2027-01-31``.
    """
    found: Counter[tuple[str, str, str]] = Counter()
    for mark in marks:
        until = _UNTIL.search(mark.muted) if mark.muted else None
        if until:
            found[until[1], mark.rule, mark.muted] += 1
    return sorted((*key, count) for key, count in found.items())


def enter(store: Store, series: int, record: Record) -> None:
    """Write down how it stands by this record."""
    store.run(_STATE, (record.command, record.verdict, record.at, series))
    store.run("DELETE FROM waiver WHERE series = ?", (series,))
    rows = [(series, *each) for each in excuses(record.marks)]
    if rows:
        store.run_many("INSERT INTO waiver VALUES (?, ?, ?, ?, ?)", rows)


def fill(store: Store) -> None:
    """Write it down for every record that was there before these tables were."""
    content = contents.of(store)
    for series, body in store.rows(_SHOWN):
        enter(store, series, form.read(body, content))
