"""Questions to a ledger; each is answered by an index, whatever the number of records."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from conda_preflight.ledger.answer import Day, Known, Line, Spell, Stay
from conda_preflight.ledger.store import Row, Store

_RECORD = (
    "r.seq, r.at, s.project, s.subject, r.errors, r.warnings, r.notes, r.muted, r.came, r.went,"
    " r.moved, r.body, r.digest,"
    " r.moved > 0 AND NOT EXISTS"
    " (SELECT 1 FROM package p WHERE p.series = r.series AND p.came < r.seq)"
)
_FROM = "FROM record r JOIN series s ON s.id = r.series"
_PROJECTS = (
    f"SELECT s.name, s.records, {_RECORD} FROM series s JOIN record r ON r.seq ="  # noqa: S608
    " CASE WHEN s.audited > 0 THEN s.audited ELSE s.latest END"
    " WHERE (s.project, s.subject) > (?, ?) AND substr(s.project, 1, ?) = ?"
    " ORDER BY s.project, s.subject LIMIT ?"
)
_SPELL = (
    "SELECT s.project, s.subject, f.fingerprint, f.rule, f.severity, f.muted, f.about, f.path,"
    " f.came, a.at, f.went, b.at FROM finding f JOIN series s ON s.id = f.series"
    " JOIN record a ON a.seq = f.came LEFT JOIN record b ON b.seq = f.went"
)
_STAY = (
    "SELECT s.project, s.subject, p.path, p.environment, p.platform, p.manager, p.name,"
    " p.version, p.build, p.came, a.at, p.went, b.at FROM package p"
    " JOIN series s ON s.id = p.series"
    " JOIN record a ON a.seq = p.came LEFT JOIN record b ON b.seq = p.went"
)


def timeline(
    store: Store, project: str, subject: str | None, limit: int, before: int | None
) -> tuple[Line, ...]:
    """Records of a project, the newest first; of all its subjects where none is named."""
    numbers = series_of(store, project, subject)
    if not numbers:
        return ()
    where = f"r.series IN ({_marks(numbers)})"
    values: list[object] = [*numbers]
    if before is not None:
        where, values = f"{where} AND r.seq < ?", [*values, before]
    query = f"SELECT {_RECORD} {_FROM} WHERE {where} ORDER BY r.seq DESC LIMIT ?"
    return tuple(map(line, store.rows(query, [*values, limit])))


def latest(store: Store, limit: int, before: int | None) -> tuple[Line, ...]:
    """Records of all projects, the newest first."""
    where = "WHERE r.seq < ?" if before is not None else ""
    values = [before, limit] if before is not None else [limit]
    query = f"SELECT {_RECORD} {_FROM} {where} ORDER BY r.seq DESC LIMIT ?"
    return tuple(map(line, store.rows(query, values)))


def lines(store: Store, numbers: Iterable[int]) -> tuple[Line, ...]:
    """The records of these numbers, the newest first."""
    some = sorted(set(numbers))
    where = f"WHERE r.seq IN ({_marks(some)})"
    return tuple(map(line, store.rows(f"SELECT {_RECORD} {_FROM} {where} ORDER BY seq DESC", some)))


def first_records(store: Store, project: str) -> dict[str, int]:
    """The number of the first record of each subject of a project."""
    query = (
        "SELECT s.subject, min(r.seq) FROM series s JOIN record r ON r.series = s.id"
        " WHERE s.project = ? GROUP BY s.subject"
    )
    return {str(subject): int(seq) for subject, seq in store.rows(query, (project,))}


def numbered(store: Store, digest: str) -> list[int]:
    """The numbers of the records whose digest begins so, at most two."""
    query = "SELECT seq FROM record WHERE digest >= ? AND digest < ? LIMIT 2"
    return [int(row[0]) for row in store.rows(query, (digest, digest + "g"))]


def projects(store: Store, lead: str, limit: int, after: tuple[str, str]) -> tuple[Known, ...]:
    """Projects in order, those that begin with ``lead``, after a project and subject."""
    rows = store.rows(_PROJECTS, (*after, len(lead), lead, limit))
    return tuple(_known(row) for row in rows)


def spells(
    store: Store,
    numbers: Iterable[int] | None,
    *,
    fingerprint: str = "",
    rule: str = "",
    limit: int,
) -> tuple[Spell, ...]:
    """When a finding was there, or those of a rule, in some series or all; the newest first.

    ``fingerprint`` may be the beginning of one.
    """
    where, first = ("f.rule = ?", [rule])
    if fingerprint:  # hexadecimal, so that no digit comes after "g"
        where, first = "f.fingerprint >= ? AND f.fingerprint < ?", [fingerprint, fingerprint + "g"]
    where, values = _within("f.series", numbers, where, first)
    rows = store.rows(f"{_SPELL} WHERE {where} ORDER BY f.came DESC LIMIT ?", [*values, limit])
    return tuple(_spell(row) for row in rows)


def stays(store: Store, numbers: Iterable[int], name: str, *, limit: int) -> tuple[Stay, ...]:
    """When versions of a package were in some series, the newest first."""
    where, values = _within("p.series", numbers, "p.name = ?", [name])
    query = f"{_STAY} WHERE {where} ORDER BY p.came DESC, p.path, p.platform LIMIT ?"
    return tuple(_stay(row) for row in store.rows(query, [*values, limit]))


def where_package(store: Store, name: str, version: str, limit: int) -> tuple[Stay, ...]:
    """Where a package is now, by project."""
    where, values = "p.name = ? AND p.went IS NULL", [name]
    if version:
        where, values = f"{where} AND p.version = ?", [*values, version]
    rows = store.rows(f"{_STAY} WHERE {where} LIMIT ?", [*values, limit])
    return tuple(sorted((_stay(row) for row in rows), key=_stay_order))


def where_advisory(store: Store, name: str, limit: int) -> tuple[Spell, ...]:
    """Where findings that have this id are now, muted ones too, by project."""
    query = (
        f"{_SPELL} JOIN advisory v ON v.fingerprint = f.fingerprint"
        " WHERE v.name = ? AND f.went IS NULL LIMIT ?"
    )
    rows = store.rows(query, (name, limit))
    return tuple(sorted((_spell(row) for row in rows), key=_spell_order))


def findings_over_time(store: Store, since: str) -> tuple[Day, ...]:
    """Each day, in order, on which findings came or went in any project, from ``since`` on."""
    there: dict[str, int] = {}
    found = []
    query = "SELECT day, severity, came, went FROM day ORDER BY day, severity"
    for day, severity, came, went in store.rows(query):
        there[severity] = there.get(severity, 0) + came - went
        if day >= since:
            found.append(Day(day, severity, came, went, there[severity]))
    return tuple(found)


def series_of(store: Store, project: str, subject: str | None) -> list[int]:
    """The numbers of a project's subjects, or of one."""
    query, values = "SELECT id FROM series WHERE project = ?", [project]
    if subject is not None:
        query, values = f"{query} AND subject = ?", [*values, subject]
    return [int(row[0]) for row in store.rows(f"{query} ORDER BY id", values)]


def line(row: Row) -> Line:
    """The line of a timeline from a row of _RECORD."""
    seq, at, project, subject, errors, warnings, notes, muted, *rest = row
    came, went, moved, body, digest, first = rest
    told: dict[str, Any] = json.loads(body)
    return Line(
        seq=seq,
        at=at,
        command=told["command"],
        verdict=told["verdict"],
        project=project,
        subject=subject,
        revision=told["revision"],
        dirty=told["dirty"],
        user=told["user"],
        host=told["host"],
        errors=errors,
        warnings=warnings,
        notes=notes,
        muted=muted,
        came=came,
        went=went,
        moved=moved,
        digest=digest,
        first=bool(first),
    )


def _known(row: Row) -> Known:
    shown = line(row[2:])
    return Known(shown.project, shown.subject, row[0], row[1], shown)


def _spell(row: Row) -> Spell:
    head, (muted, about, path, came, came_at, went, went_at) = row[:5], row[5:]
    project, subject, fingerprint, rule, severity = head
    return Spell(
        project=project,
        subject=subject,
        fingerprint=fingerprint,
        rule=rule,
        severity=severity,
        muted=bool(muted),
        about=about,
        path=path,
        came=came,
        came_at=came_at,
        went=went,
        went_at=went_at or "",
    )


def _stay(row: Row) -> Stay:
    head, (name, version, build, came, came_at, went, went_at) = row[:6], row[6:]
    project, subject, path, environment, platform, manager = head
    return Stay(
        project=project,
        subject=subject,
        path=path,
        environment=environment,
        platform=platform,
        manager=manager,
        name=name,
        version=version,
        build=build,
        came=came,
        came_at=came_at,
        went=went,
        went_at=went_at or "",
    )


def _stay_order(stay: Stay) -> tuple[str, ...]:
    return (stay.project, stay.subject, stay.path, stay.environment, stay.platform, stay.version)


def _spell_order(spell: Spell) -> tuple[str, ...]:
    return (spell.project, spell.subject, spell.path, spell.rule, spell.about)


def _within(
    column: str, numbers: Iterable[int] | None, where: str, values: list[str]
) -> tuple[str, list[object]]:
    if numbers is None:
        return where, [*values]
    some = list(numbers)
    return f"{where} AND {column} IN ({_marks(some)})", [*values, *some]


def _marks(values: list[int]) -> str:
    return ", ".join("?" * len(values)) or "NULL"
