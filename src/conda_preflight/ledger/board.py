"""Questions about all environments at once; each is answered from an index, page by page.

A page begins after a position: the values by which its rows are ordered, of the last row before it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from conda_preflight.ledger import contents, form
from conda_preflight.ledger.overview import (
    Excused,
    Fleet,
    Judged,
    Located,
    Node,
    Point,
    Sighting,
    State,
)
from conda_preflight.ledger.store import Row, Store

FLEET = "fleet"
NAME, TIME, VERDICT = "name", "time", "verdict"
SORTS = (VERDICT, NAME, TIME)
Position = Sequence[str | int]
COUNTED = 10_001
"""How many rows are counted at most: one more than is told."""
_NO_ENVIRONMENTS = f"s.command NOT IN ('{FLEET}', 'probe')"
_RANK = "CASE s.verdict WHEN 'NO_GO' THEN 0 WHEN 'UNKNOWN' THEN 1 WHEN 'GO' THEN 2 ELSE 3 END"
_ORDERS = {
    NAME: ("(s.name, s.id) > (?, ?)", "s.name, s.id"),
    TIME: ("(s.at, s.id) < (?, ?)", "s.at DESC, s.id DESC"),
    VERDICT: (f"({_RANK}, s.name, s.id) > (?, ?, ?)", f"{_RANK}, s.name, s.id"),
}
_STATE = (
    "SELECT s.id, s.project, s.subject, s.name, s.command, s.verdict, s.at, s.records, r.seq,"
    " r.errors, r.warnings, r.notes, r.muted FROM series s JOIN record r ON r.seq ="
    " CASE WHEN s.audited > 0 THEN s.audited ELSE s.latest END"
)
_BODIES = (
    "SELECT s.id, s.subject, s.name, r.body FROM series s JOIN record r ON r.seq ="
    " CASE WHEN s.audited > 0 THEN s.audited ELSE s.latest END"
)
_NO_TARGETS = '%"targets":[]%'
"""How the body of a record looks that is about no target; within a text quotes are escaped."""
_WHO = "s.id, s.project, s.subject, s.name"
_SIGHTING = (
    f"SELECT {_WHO}, f.rule, f.severity, f.muted, f.about, f.path, f.fingerprint, f.came, a.at"  # noqa: S608
    " FROM finding f JOIN series s ON s.id = f.series JOIN record a ON a.seq = f.came"
)
_LOCATED = (
    f"SELECT {_WHO}, p.path, p.environment, p.platform, p.manager, p.name, p.version, p.build,"  # noqa: S608
    " p.came, a.at FROM package p JOIN series s ON s.id = p.series JOIN record a ON a.seq = p.came"
)


class Board:
    """A ledger as the dashboard asks it; every method raises LedgerError."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def tally(self) -> dict[str, int]:
        """How many environments have which verdict."""
        query = f"SELECT s.verdict, count(*) FROM series s WHERE {_NO_ENVIRONMENTS}"  # noqa: S608
        return {str(v): int(n) for v, n in self._store.rows(f"{query} GROUP BY s.verdict")}

    def environments(
        self,
        *,
        sort: str = VERDICT,
        named: str = "",
        verdict: str = "",
        limit: int = 50,
        after: Position = (),
    ) -> tuple[State, ...]:
        """Environments in an order of SORTS, whose name or project has the letters ``named``."""
        beyond, order = _ORDERS[sort]
        where, values = _filtered(named, verdict)
        if after:
            where, values = f"{where} AND {beyond}", [*values, *after]
        query = f"{_STATE} WHERE {where} ORDER BY {order} LIMIT ?"
        return self._states(self._store.rows(query, [*values, limit]))

    def count(self, *, named: str = "", verdict: str = "") -> int:
        """How many environments these are."""
        where, values = _filtered(named, verdict)
        query = f"SELECT count(*) FROM series s WHERE {where}"  # noqa: S608
        return int(self._store.rows(query, values)[0][0])

    def environment(self, number: int) -> State | None:
        """The environment of this number, None where there is none."""
        rows = self._store.rows(f"{_STATE} WHERE s.id = ?", (number,))
        return self._states(rows)[0] if rows else None

    def _states(self, rows: Sequence[Row]) -> tuple[State, ...]:
        found = [State(*row) for row in rows]
        marks = ", ".join("?" * len(found)) or "NULL"
        query = f"SELECT seq, body FROM record WHERE seq IN ({marks})"  # noqa: S608
        bodies: dict[int, str] = dict(self._store.rows(query, [state.seq for state in found]))
        is_whole = form.wholeness(contents.of(self._store))
        return tuple(replace(state, whole=is_whole(bodies[state.seq])) for state in found)

    def number_of(self, project: str, subject: str) -> int:
        """The number of a project and subject, 0 where it has no record."""
        query = "SELECT id FROM series WHERE project = ? AND subject = ?"
        rows = self._store.rows(query, (project, subject))
        return int(rows[0][0]) if rows else 0

    def trends(self, numbers: Iterable[int], length: int = 16) -> dict[int, tuple[Point, ...]]:
        """The last records of some environments, the oldest first."""
        query = "SELECT seq, at, errors, warnings FROM record WHERE series = ?"
        query += " ORDER BY seq DESC LIMIT ?"
        return {
            number: tuple(Point(*row) for row in self._store.rows(query, (number, length))[::-1])
            for number in numbers
        }

    def judged(
        self, *, named: str = "", limit: int = 50, after: Position = ()
    ) -> tuple[Judged, ...]:
        """Environments whose latest audit was about targets, by name."""
        where, values = _filtered(named, "")
        if after:
            where, values = f"{where} AND (s.name, s.id) > (?, ?)", [*values, *after]
        query = f"{_BODIES} WHERE {where} AND r.body NOT LIKE ? ORDER BY s.name, s.id LIMIT ?"
        rows = self._store.rows(query, [*values, _NO_TARGETS, limit])
        return tuple(Judged(n, subject, name, _targets(body)) for n, subject, name, body in rows)

    def neighbours(self, seq: int) -> tuple[int, int]:
        """The record of the same environment before one, and the one after it; 0 for none."""
        of = "SELECT {}(seq) FROM record WHERE series = (SELECT series FROM record WHERE seq = ?)"
        before = self._store.rows(of.format("max") + " AND seq < ?", (seq, seq))[0][0]
        after = self._store.rows(of.format("min") + " AND seq > ?", (seq, seq))[0][0]
        return int(before or 0), int(after or 0)

    def packages(
        self, name: str, version: str = "", *, limit: int = 100, after: int = 0
    ) -> tuple[Located, ...]:
        """Where a package is now, by the number of the environment, all places of one together."""
        where, values = "p.name = ? AND p.went IS NULL AND p.series > ?", [name, after]
        if version:
            where, values = f"{where} AND p.version = ?", [*values, version]
        query = f"{_LOCATED} WHERE {where} ORDER BY p.series, p.path, p.platform LIMIT ?"
        rows = self._store.rows(query, [*values, limit + 1])
        return tuple(Located(*row) for row in _whole(rows, limit))

    def sightings_of_rule(
        self, rule: str, *, limit: int = 100, after: int = 0
    ) -> tuple[Sighting, ...]:
        """Where findings of a rule are now, by the number of the environment."""
        where = "f.rule = ? AND f.went IS NULL AND f.series > ? ORDER BY f.series, f.path, f.about"
        return self._sightings(f"{_SIGHTING} WHERE {where} LIMIT ?", (rule, after), limit)

    def sightings_of_advisory(
        self, advisory: str, *, limit: int = 100, after: int = 0
    ) -> tuple[Sighting, ...]:
        """Where findings that name an advisory are now, by the number of the environment."""
        query = (
            f"{_SIGHTING} JOIN advisory v ON v.fingerprint = f.fingerprint WHERE v.name = ?"
            " AND f.went IS NULL AND f.series > ? ORDER BY f.series, f.path, f.about LIMIT ?"
        )
        return self._sightings(query, (advisory, after), limit)

    def _sightings(self, query: str, values: Row, limit: int) -> tuple[Sighting, ...]:
        rows = _whole(self._store.rows(query, (*values, limit + 1)), limit)
        return tuple(Sighting(*row) for row in rows)

    def places_of_package(self, name: str) -> int:
        """In how many places a package is now, at most COUNTED."""
        return self._counted("package WHERE name = ? AND went IS NULL", name)

    def findings_of_rule(self, rule: str) -> int:
        """How many findings of a rule there are now, muted ones too, at most COUNTED."""
        return self._counted("finding WHERE rule = ? AND went IS NULL", rule)

    def findings_of_advisory(self, advisory: str) -> int:
        """How many findings name an advisory now, muted ones too, at most COUNTED."""
        joined = "finding f JOIN advisory v ON v.fingerprint = f.fingerprint"
        return self._counted(f"{joined} WHERE v.name = ? AND f.went IS NULL", advisory)

    def _counted(self, what: str, value: str) -> int:
        query = f"SELECT count(*) FROM (SELECT 1 FROM {what} LIMIT ?) AS counted"  # noqa: S608
        return int(self._store.rows(query, (value, COUNTED))[0][0])

    def versions(self, name: str, limit: int = 50) -> tuple[tuple[str, int], ...]:
        """The versions of a package that are there now with the number of places, most first."""
        query = (
            "SELECT version, count(*) FROM package WHERE name = ? AND went IS NULL"
            " GROUP BY version ORDER BY count(*) DESC, version LIMIT ?"
        )
        return tuple((str(v), int(n)) for v, n in self._store.rows(query, (name, limit)))

    def package_names(self, lead: str, limit: int = 8) -> tuple[str, ...]:
        """Names of packages that begin so."""
        return self._leading("package WHERE went IS NULL AND name", "name", lead, limit)

    def rule_names(self, lead: str, limit: int = 8) -> tuple[str, ...]:
        """Rules that begin so and have a finding now."""
        return self._leading("finding WHERE went IS NULL AND rule", "rule", lead, limit)

    def advisory_names(self, lead: str, limit: int = 8) -> tuple[str, ...]:
        """Advisories that begin so and were found at some time."""
        return self._leading("advisory WHERE name", "name", lead, limit)

    def _leading(self, what: str, column: str, lead: str, limit: int) -> tuple[str, ...]:
        """Steps from one name to the next in an index, instead of reading all rows of each."""
        found: list[str] = []
        query = f"SELECT min({column}) FROM {what} "  # noqa: S608
        row = self._store.rows(f"{query} >= ?", (lead,))[0]
        while row[0] is not None and str(row[0]).startswith(lead) and len(found) < limit:
            found.append(str(row[0]))
            row = self._store.rows(f"{query} > ?", (found[-1],))[0]
        return tuple(found)

    def waivers(self, *, limit: int = 100, after: Position = ()) -> tuple[Excused, ...]:
        """Exceptions with an end that mute something now, the soonest end first."""
        place = "w.until, w.series, w.rule, w.reason"
        query = f"SELECT {_WHO}, w.until, w.rule, w.reason, w.findings FROM waiver w"  # noqa: S608
        query += " JOIN series s ON s.id = w.series"
        if after:
            query += f" WHERE ({place}) > (?, ?, ?, ?)"
        rows = self._store.rows(f"{query} ORDER BY {place} LIMIT ?", [*after, limit])
        return tuple(Excused(*row) for row in rows)

    def expiring(self, until: str) -> int:
        """How many of these exceptions end on this day or before."""
        query = "SELECT count(*) FROM waiver WHERE until <= ?"
        return int(self._store.rows(query, (until,))[0][0])

    def fleets(self) -> tuple[Fleet, ...]:
        """The fleets whose nodes have answered."""
        query = (
            "SELECT project, count(*), max(at) FROM series WHERE command = ? GROUP BY project"
            " ORDER BY project"
        )
        return tuple(Fleet(*row) for row in self._store.rows(query, (FLEET,)))

    def nodes(self, fleet: str, limit: int = 2_000) -> tuple[Node, ...]:
        """The latest answers of the nodes of a fleet, by name."""
        query = (
            "SELECT s.id, s.project, s.subject, s.verdict, r.at, r.seq, r.body FROM series s"
            " JOIN record r ON r.seq = s.latest WHERE s.project = ? AND s.command = ?"
            " ORDER BY s.subject LIMIT ?"
        )
        rows = self._store.rows(query, (fleet, FLEET, limit))
        return tuple(
            Node(number, name, node, verdict, at, seq, _facts(body))
            for number, name, node, verdict, at, seq, body in rows
        )


def position(sort: str, last: State) -> tuple[str | int, ...]:
    """Where the page after this environment begins, in an order of SORTS."""
    if sort == VERDICT:
        rank = {"NO_GO": 0, "UNKNOWN": 1, "GO": 2}.get(last.verdict, 3)
        return (rank, last.name, last.id)
    return (last.name if sort == NAME else last.at, last.id)


def _filtered(named: str, verdict: str) -> tuple[str, list[str | int]]:
    where, values = _NO_ENVIRONMENTS, []
    if named:
        escaped = named.lower().replace("!", "!!").replace("%", "!%").replace("_", "!_")
        where += " AND (lower(s.name) LIKE ? ESCAPE '!' OR lower(s.project) LIKE ? ESCAPE '!')"
        values = [f"%{escaped}%"] * 2
    if verdict:
        where, values = f"{where} AND s.verdict = ?", [*values, verdict]
    return where, [*values]


def _whole(rows: list[Row], limit: int) -> list[Row]:
    """Rows of whole environments, so that the next page begins with another one.

    One that has more rows than a page is cut.
    """
    if len(rows) <= limit:
        return rows
    change = [n for n, (old, new) in enumerate(pairwise(rows), 1) if old[0] != new[0]]
    return rows[: change[-1]] if change else rows[:limit]


def _targets(body: str) -> tuple[tuple[str, str], ...]:
    return tuple((str(name), str(verdict)) for name, verdict in json.loads(body)["targets"])


def _facts(body: str) -> dict[str, str]:
    facts = json.loads(body)["facts"]
    return {str(name): "" if value is None else str(value) for name, value in facts.items()}
