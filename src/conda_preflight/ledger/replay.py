"""What the quick tables must say, worked out again from the records, compared with what they say.

Rows are compared by a sum of their digests, so that a table of any length and order needs no
memory; what is there at a moment is kept, as it is when records are added.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from conda_preflight.errors import PreflightError, ReadError
from conda_preflight.ledger import contents
from conda_preflight.ledger.answer import Fault
from conda_preflight.ledger.appending import AUDIT, daily, weights
from conda_preflight.ledger.form import read
from conda_preflight.ledger.record import Mark, Record
from conda_preflight.ledger.spans import FindingKey, Moves, PackageKey, Standing, moves
from conda_preflight.ledger.standing import Excuse, excuses
from conda_preflight.ledger.store import Store
from conda_preflight.ledger.text import clean
from conda_preflight.plain import value_type

_SERIES = (
    "SELECT id, project, subject, name, records, latest, audited, command, verdict, at FROM series"
)
_WAIVERS = "SELECT series, until, rule, reason, findings FROM waiver"
_FINDINGS = (
    "SELECT series, fingerprint, severity, muted, rule, about, path, targets, came, went"
    " FROM finding"
)
_PACKAGES = (
    "SELECT series, path, environment, platform, manager, name, version, build, came, went"
    " FROM package"
)
_DAYS = "SELECT day, severity, came, went FROM day"
_SUM = 1 << 128
_REMEMBERED = 256
_ESSENCE = ("findings", "scope", "environments", "files", "targets")
_TEXTS = ("project", "subject", "name", "command", "verdict", "at")
_NOTHING = Moves({}, (), (), ())


class _There:
    """What is there in one project and subject, with the row that says so."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.name = ""
        self.records = 0
        self.latest = 0
        self.audited = 0
        self.essence = ""
        self.weights = (0, 0, 0, 0)
        self.state = ("", "", "")
        self.excuses: list[Excuse] = []
        self.shown: list[Excuse] = []
        self.findings: dict[FindingKey, tuple[Any, ...]] = {}
        self.standings: dict[FindingKey, Standing] = {}
        self.packages: dict[PackageKey, int] = {}


@value_type
class _Head:
    """What a body says without its contents; ``essence`` tells whether they are others."""

    place: tuple[str, str]
    name: str
    command: str
    verdict: str
    at: str
    essence: str


def _head(body: str) -> _Head:
    """Raises ReadError."""
    try:
        told = json.loads(body)
        project, subject, name, command, verdict, at = (clean(told[key]) for key in _TEXTS)
        essence = json.dumps([told[key] for key in _ESSENCE])
    except (KeyError, TypeError, ValueError, RecursionError):
        raise ReadError("this is no record of a ledger") from None
    return _Head((project, subject), name, command, verdict, at, essence)


class Replay:
    """All records once more, in order."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._content = lru_cache(_REMEMBERED)(contents.of(store))
        self._there: dict[tuple[str, str], _There] = {}
        self._findings = 0
        self._packages = 0
        self._advisories: set[tuple[str, str]] = set()
        self._days: Counter[tuple[str, str, str]] = Counter()

    def record(self, seq: int, body: str, row: Sequence[object]) -> Iterator[Fault]:
        """Take the next record; ``row`` is what is kept beside it: series, at and numbers."""
        try:
            head = _head(body)
        except ReadError as error:
            yield Fault(seq, f"It cannot be read: {error.message}.")
            return
        there = self._there.setdefault(head.place, _There(len(self._there) + 1))
        there.name, there.latest = head.name, seq
        there.records += 1
        there.audited = seq if head.command == AUDIT else there.audited
        moved = _NOTHING
        if head.essence != there.essence:
            try:
                record = read(body, self._content)
            except PreflightError as error:
                yield Fault(seq, f"It cannot be read: {error.message}.")
                return
            moved = moves(there.standings, there.packages, record)
            there.weights = weights(record)
            there.excuses = excuses(record.marks)
            self._enter(there, seq, record, moved)
            there.essence = head.essence
        if head.command == AUDIT or not there.audited:
            there.state, there.shown = (head.command, head.verdict, head.at), there.excuses
        counts = (moved.new_findings, moved.gone_findings, moved.moved_packages)
        if list(row) != [there.number, head.at, *there.weights, *counts]:
            yield Fault(seq, "The numbers that are kept beside it are not its own.")

    def _enter(self, there: _There, seq: int, record: Record, moved: Moves) -> None:
        for key, mark in moved.came.items():
            there.findings[key] = _row(there.number, mark, seq)
            there.standings[key] = Standing(mark.rule, mark.path, mark.targets)
            self._findings += _digest((*there.findings[key], None))
            self._advisories.update((name, mark.fingerprint) for name in mark.ids)
        for key in moved.went:
            row = there.findings.pop(key)
            del there.standings[key]
            self._findings += _digest((*row, seq)) - _digest((*row, None))
        for name in moved.removed:
            kept = (there.number, *name, there.packages.pop(name))
            self._packages += _digest((*kept, seq)) - _digest((*kept, None))
        for name in moved.installed:
            there.packages[name] = seq
            self._packages += _digest((there.number, *name, seq, None))
        for day, severity, came, went in daily(record.at[:10], moved):
            self._days[day, severity, "came"] += came
            self._days[day, severity, "went"] += went

    def ended(self) -> Iterator[Fault]:
        """What the tables say otherwise, now that all records were taken."""
        rows = sorted(tuple(row) for row in self._store.rows(_SERIES))
        if rows != sorted(_series(place, there) for place, there in self._there.items()):
            yield _other("projects")
        if sorted(map(tuple, self._store.rows(_WAIVERS))) != self._excuses():
            yield _other("waivers")
        if self._total(_FINDINGS) != self._findings % _SUM:
            yield _other("findings")
        if self._total(_PACKAGES) != self._packages % _SUM:
            yield _other("packages")
        if {tuple(row) for row in self._store.rows("SELECT * FROM advisory")} != self._advisories:
            yield _other("advisories")
        days = {
            (day, severity, what): number
            for day, severity, *numbers in self._store.rows(_DAYS)
            for what, number in zip(("came", "went"), numbers, strict=True)
        }
        if days != dict(self._days):
            yield _other("days")

    def _excuses(self) -> list[tuple[object, ...]]:
        return sorted((each.number, *row) for each in self._there.values() for row in each.shown)

    def _total(self, query: str) -> int:
        return sum(_digest(tuple(row)) for row in self._store.stream(query)) % _SUM


def _other(table: str) -> Fault:
    return Fault(0, f"The table of {table} is not what the records say.")


def _series(place: tuple[str, str], there: _There) -> tuple[object, ...]:
    numbers = (there.records, there.latest, there.audited)
    return (there.number, *place, there.name, *numbers, *there.state)


def _row(number: int, mark: Mark, seq: int) -> tuple[object, ...]:
    fingerprint, severity, muted = mark.key
    about = (mark.about, mark.path, json.dumps(mark.targets))
    return (number, fingerprint, severity, int(muted), mark.rule, *about, seq)


def _digest(row: tuple[object, ...]) -> int:
    return int.from_bytes(hashlib.sha256(repr(row).encode("utf-8")).digest()[:16], "big")
