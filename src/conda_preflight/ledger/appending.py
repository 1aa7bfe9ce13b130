"""Adds one record: the chain, the contents, and the tables for quick questions, all or nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping

from conda_preflight.ledger import standing
from conda_preflight.ledger.chain import BEGINNING, link
from conda_preflight.ledger.contents import packed
from conda_preflight.ledger.form import Written
from conda_preflight.ledger.record import Entry, Mark, Record
from conda_preflight.ledger.spans import FindingKey, Moves, PackageKey, Standing, moves
from conda_preflight.ledger.store import KeyTakenError, Store

AUDIT = "audit"
_AUDITED = "SELECT 1 FROM series WHERE id = ? AND audited > 0"
_SERIES = (
    "INSERT INTO series (id, project, subject, name, records, latest, audited)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_KEPT = "INSERT INTO content VALUES (?, ?) ON CONFLICT DO NOTHING"
_NAMED = "INSERT INTO advisory VALUES (?, ?) ON CONFLICT DO NOTHING"
_FINDING = "INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)"
_FINDING_WENT = (
    "UPDATE finding SET went = ? WHERE series = ? AND went IS NULL AND fingerprint = ?"
    " AND severity = ? AND muted = ?"
)
_PACKAGE = "INSERT INTO package VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)"
_PACKAGE_WENT = (
    "UPDATE package SET went = ? WHERE series = ? AND went IS NULL AND path = ? AND environment = ?"
    " AND platform = ? AND manager = ? AND name = ? AND version = ? AND build = ?"
)
_DAY = (
    "INSERT INTO day VALUES (?, ?, ?, ?) ON CONFLICT (day, severity)"
    " DO UPDATE SET came = day.came + excluded.came, went = day.went + excluded.went"
)


def append(store: Store, written: Written, key: str) -> Entry:
    """The entry of a record; one whose key is there already is not added again.

    Raises KeyTakenError where the key belongs to another record, LedgerError.
    """
    with store.writing():
        known = store.rows("SELECT seq, body, digest FROM record WHERE id = ?", (key,))
        if known:
            seq, body, digest = known[0]
            if body != written.body:
                raise KeyTakenError(f"Record {seq} has this key and says something else")
            return Entry(int(seq), digest, is_new=False)
        return _added(store, written, key)


def _added(store: Store, written: Written, key: str) -> Entry:
    tip = store.rows("SELECT seq, digest FROM record ORDER BY seq DESC LIMIT 1")
    before, digest = tip[0] if tip else (0, BEGINNING)
    seq = int(before) + 1
    digest = link(digest, seq, key, written.body)
    record = written.record
    _keep(store, written.contents)
    series = _series(store, record, seq)
    moved = _moves(store, series, record)
    _enter(store, series, seq, record, moved)
    if record.command == AUDIT or not store.rows(_AUDITED, (series,)):
        standing.enter(store, series, record)
    values = (
        seq,
        key,
        series,
        record.at,
        *weights(record),
        moved.new_findings,
        moved.gone_findings,
        moved.moved_packages,
        written.body,
        digest,
    )
    store.run("INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
    return Entry(seq, digest, is_new=True)


def _keep(store: Store, contents: Mapping[str, bytes]) -> None:
    """Keep what is not there yet."""
    query = "SELECT 1 FROM content WHERE digest = ?"
    new = [name for name in contents if not store.rows(query, (name,))]
    if new:
        store.run_many(_KEPT, [(name, packed(contents[name])) for name in new])


def weights(record: Record) -> tuple[int, int, int, int]:
    """How many errors, warnings, notes and muted findings it has."""
    counts = Counter("muted" if mark.muted else mark.severity for mark in record.marks)
    return counts["error"], counts["warning"], counts["note"], counts["muted"]


def _series(store: Store, record: Record, seq: int) -> int:
    """The number of the project and subject, which has this record as its latest."""
    audited = seq if record.command == AUDIT else 0
    query = "SELECT id FROM series WHERE project = ? AND subject = ?"
    known = store.rows(query, (record.project, record.subject))
    if known:
        change = "UPDATE series SET latest = ?, name = ?, records = records + 1"
        values: tuple[object, ...] = (seq, record.name)
        if audited:
            change, values = f"{change}, audited = ?", (*values, audited)
        store.run(f"{change} WHERE id = ?", (*values, known[0][0]))
        return int(known[0][0])
    last = store.rows("SELECT max(id) FROM series")[0][0]
    number = int(last or 0) + 1
    row = (number, record.project, record.subject, record.name, 1, seq, audited)
    store.run(_SERIES, row)
    return number


def _moves(store: Store, series: int, record: Record) -> Moves:
    findings: dict[FindingKey, Standing] = {}
    query = "SELECT fingerprint, severity, muted, rule, path, targets FROM finding"
    for fingerprint, severity, muted, rule, path, targets in store.rows(
        f"{query} WHERE series = ? AND went IS NULL", (series,)
    ):
        standing = Standing(rule, path, tuple(json.loads(targets)))
        findings[fingerprint, severity, bool(muted)] = standing
    packages: Iterable[PackageKey] = (
        (path, environment, platform, manager, name, version, build)
        for path, environment, platform, manager, name, version, build in store.rows(
            "SELECT path, environment, platform, manager, name, version, build FROM package"
            " WHERE series = ? AND went IS NULL",
            (series,),
        )
    )
    return moves(findings, packages, record)


def _enter(store: Store, series: int, seq: int, record: Record, moved: Moves) -> None:
    """Write down what came and what went."""
    if moved.came:
        rows = [_finding(series, seq, mark) for mark in moved.came.values()]
        store.run_many(_FINDING, rows)
        ids = {(name, m.fingerprint) for m in moved.came.values() for name in m.ids}
        if ids:
            store.run_many(_NAMED, sorted(ids))
    if moved.went:
        store.run_many(_FINDING_WENT, [(seq, series, f, s, int(m)) for f, s, m in moved.went])
    if moved.removed:
        store.run_many(_PACKAGE_WENT, [(seq, series, *key) for key in moved.removed])
    if moved.installed:
        store.run_many(_PACKAGE, [(series, *key, seq) for key in moved.installed])
    counts = daily(record.at[:10], moved)
    if counts:
        store.run_many(_DAY, counts)


def _finding(series: int, seq: int, mark: Mark) -> tuple[object, ...]:
    fingerprint, severity, muted = mark.key
    about = (mark.about, mark.path, json.dumps(mark.targets))
    return (series, fingerprint, mark.rule, severity, int(muted), *about, seq)


def daily(day: str, moved: Moves) -> list[tuple[str, str, int, int]]:
    """Day, severity, how many findings came and how many went, without muted ones."""
    came = Counter(key[1] for key in moved.came if not key[2])
    went = Counter(key[1] for key in moved.went if not key[2])
    return [(day, name, came[name], went[name]) for name in sorted(came.keys() | went.keys())]
