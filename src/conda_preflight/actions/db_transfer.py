"""The advisory database as one file that travels, and files of records that come in."""

from __future__ import annotations

import gzip
import json
from collections.abc import Collection, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from conda_preflight.actions.advisory_load import (
    Told,
    licence,
    load,
    problems,
    refuse_shrunk,
)
from conda_preflight.advisories.record import parse
from conda_preflight.documents.advisory import Advisory, Feed
from conda_preflight.engines.advisory_bundle import BundleError, records
from conda_preflight.engines.advisory_draft import Draft
from conda_preflight.engines.advisory_store import AdvisoryStore, feed
from conda_preflight.engines.advisory_swap import draft, the_only, why_anew, writing
from conda_preflight.engines.advisory_tables import MILLIONTHS, cve_text, text_of
from conda_preflight.errors import ReadError

FORMAT = "conda-preflight/advisories/1"
IMPORTED = "imported"
_LEVEL = 9


def export(store: AdvisoryStore, target: Path, told: Told) -> int:
    """Write all that a database holds to one file; the same database gives the same bytes.

    The file is JSON lines, compressed: a line about the feeds, then each record in OSV's form
    with its feed, then the lists. Returns how many records it has; raises DatabaseError.
    """
    with (
        writing(target) as file,
        file.open("wb") as stream,
        gzip.GzipFile("", "wb", _LEVEL, stream, mtime=0) as packed,
    ):
        for count, line in enumerate(_lines(store)):
            packed.write(line + b"\n")
            told("Writing", count, 0)
    return sum(feed.records for feed in store.feeds if feed.kind == "advisories")


def take(target: Path, files: tuple[Path, ...], told: Told, *, force: bool) -> dict[str, int]:
    """Take files into the database at the target; returns how many records of each feed it has.

    An export takes the place of the feeds that it holds; other records are added to those that
    were imported before, or replace them by id. Raises BundleError, ReadError, ShrunkError,
    DatabaseError; then the database stays as it was.
    """
    with the_only(target), draft(target, fresh=why_anew(target) is not None) as one:
        for file in files:
            _take(one, file, told, force=force)
        return {name: found.records for name, found in one.feeds().items()}


def _take(one: Draft, file: Path, told: Told, *, force: bool) -> None:
    head = _head(file)
    if head is None:
        _take_records(one, file, told)
        return
    before = {found.name: one.count(found.name) for found in head}
    _take_export(one, file, before, told)
    for found in head:
        count = one.count(found.name)
        if found.kind == "advisories":
            if count < found.records:
                raise BundleError(f"{file.name} is not whole: records of {found.name} are lacking")
            refuse_shrunk(found.name, before[found.name], count, force=force)
        one.tell(replace(found, records=count or found.records))


def _lines(store: AdvisoryStore) -> Iterator[bytes]:
    feeds = [asdict(found) for found in store.feeds]
    yield _json({"format": FORMAT, "feeds": feeds})
    for name, body in store.rows("SELECT feed, body FROM advisory ORDER BY feed, id"):
        yield b'{"feed":%s,"record":%s}' % (_json(name), text_of(body))
    for number, day in store.rows("SELECT cve, added FROM exploited ORDER BY cve"):
        yield _json({"exploited": cve_text(number), "day": day})
    for number, score in store.rows("SELECT cve, score FROM likelihood ORDER BY cve"):
        yield _json({"likelihood": cve_text(number), "score": score / MILLIONTHS})


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _head(file: Path) -> tuple[Feed, ...] | None:
    """The feeds of an export; None for a file of records. Raises BundleError, ReadError."""
    try:
        held = json.loads(next(iter(records(file)), ("", b""))[1])
    except (ValueError, RecursionError):
        return None
    stated = held.get("format") if isinstance(held, dict) else None
    if stated is None:
        return None
    if stated != FORMAT or not isinstance(held.get("feeds"), list):
        raise ReadError(f"{file.name} is an export of another version than {FORMAT}")
    return tuple(feed(json.dumps(one), file) for one in held["feeds"])


def _take_records(one: Draft, file: Path, told: Told) -> None:
    """Add records to what was imported of their ecosystem."""
    touched: set[str] = set()

    def feed_of(advisory: Advisory | None) -> str:
        if advisory is None or not advisory.affected:
            return IMPORTED
        touched.add(name := f"{advisory.affected[0].ecosystem} ({IMPORTED})")
        return name

    one.clear(IMPORTED)
    load(one, feed_of, file, told)
    if not touched:
        raise BundleError(f"{file.name} holds no record that can be read")
    for name in sorted(touched):
        one.tell(_imported(one, name, file.name))


def _imported(one: Draft, name: str, source: str) -> Feed:
    """What is known of an imported feed; it is as old as its newest record."""
    newest = one.newest(name)
    return Feed(
        name,
        "advisories",
        url=source,
        records=one.count(name),
        newest=newest,
        licence=licence(one, name),
        fetched=newest,
        problems=(*problems(one, name), *problems(one, IMPORTED)),
    )


def _take_export(one: Draft, file: Path, known: Collection[str], told: Told) -> None:
    """Put what an export holds in the place of the feeds of the same name, and of the lists."""
    for name in known:
        one.clear(name)
    lists = _Lists()
    for count, (name, content) in enumerate(records(file)):
        told("Reading", count, 0)
        if count:
            _take_line(one, _object(content, name), known, lists)
    if lists.days:
        one.exploited(lists.days)
    if lists.scores:
        one.likelihoods(lists.scores)


class _Lists:
    """The lists of an export while it is read."""

    def __init__(self) -> None:
        self.days: dict[str, str] = {}
        self.scores: dict[str, float] = {}


def _take_line(one: Draft, held: dict[str, Any], known: Collection[str], lists: _Lists) -> None:
    name, score = held.get("feed"), held.get("score")
    if isinstance(name, str) and name in known:
        try:
            one.put(name, parse(json.dumps(held.get("record"))))
        except ReadError as error:
            one.refuse(name, str(held.get("record"))[:40], error.message)
    elif isinstance(held.get("exploited"), str) and isinstance(held.get("day"), str):
        lists.days[held["exploited"]] = held["day"]
    elif isinstance(held.get("likelihood"), str) and isinstance(score, int | float):
        lists.scores[held["likelihood"]] = min(max(float(score), 0.0), 1.0)


def _object(content: bytes, name: str) -> dict[str, Any]:
    try:
        held = json.loads(content)
    except (ValueError, RecursionError):
        held = None
    if not isinstance(held, dict):
        raise BundleError(f"The export is damaged: {name} is no JSON")
    return held
