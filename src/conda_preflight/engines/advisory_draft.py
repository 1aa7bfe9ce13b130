"""An advisory database that is being written; ``advisory_swap`` puts it in its place."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from conda_preflight.documents.advisory import Advisory, Feed
from conda_preflight.engines.advisory_store import feed
from conda_preflight.engines.advisory_tables import (
    MILLIONTHS,
    cve_number,
    pack,
    unpack,
)

_INSERT = "INSERT INTO advisory (feed, id, modified, source, body) VALUES (?, ?, ?, ?, ?)"


class Draft:
    """A database that is being written: records and feeds are added and removed."""

    def __init__(self, file: Path, connection: sqlite3.Connection) -> None:
        self.file = file
        self._connection = connection

    def close(self) -> None:
        """Finish writing; room that was freed is given back where it is much."""
        self._connection.commit()
        free, pages = (self._ask(f"PRAGMA {of}")[0][0] for of in ("freelist_count", "page_count"))
        if free * 4 > pages:
            self._do("VACUUM")
        self._connection.close()

    def feeds(self) -> dict[str, Feed]:
        """What it holds, by name."""
        rows = self._ask("SELECT name, facts FROM feed ORDER BY name")
        return {name: feed(facts, self.file) for name, facts in rows}

    def modified(self, feed: str) -> dict[str, str]:
        """When each record of a feed was modified, by id; of those that were refused too."""
        tables = ("advisory", "refused")
        query = "SELECT id, modified FROM {} WHERE feed = ?"
        return {row[0]: row[1] for table in tables for row in self._ask(query.format(table), feed)}

    def date(self, feed: str, listed: Mapping[str, str]) -> None:
        """Give records that say no time of their own the one under which they are listed."""
        for (identifier,) in self._ask(
            "SELECT id FROM advisory WHERE feed = ? AND modified = ''", feed
        ):
            row = (listed.get(identifier, ""), feed, identifier)
            self._do("UPDATE advisory SET modified = ? WHERE feed = ? AND id = ?", row)

    def refused(self, feed: str) -> dict[str, str]:
        """Why each record of a feed that was left out could not be read, by id."""
        rows = self._ask("SELECT id, why FROM refused WHERE feed = ? ORDER BY id", feed)
        return {row[0]: row[1] for row in rows}

    def count(self, feed: str) -> int:
        """How many records of a feed there are."""
        return int(self._ask("SELECT count(*) FROM advisory WHERE feed = ?", feed)[0][0])

    def sources(self, feed: str) -> tuple[str, ...]:
        """Who wrote the records of a feed, sorted; empty texts for nobody known."""
        query = "SELECT DISTINCT source FROM advisory WHERE feed = ? ORDER BY source"
        return tuple(row[0] for row in self._ask(query, feed))

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """What is changed inside is undone where an error ends it."""
        self._do("SAVEPOINT attempt")
        try:
            yield
        except BaseException:
            with suppress(sqlite3.Error):  # where the disk is full, SQLite has undone all
                self._do("ROLLBACK TO attempt")
                self._do("RELEASE attempt")
            raise
        self._do("RELEASE attempt")

    def newest(self, feed: str) -> str:
        """When the newest record of a feed was modified; empty where that is not known."""
        return str(self._ask("SELECT max(modified) FROM advisory WHERE feed = ?", feed)[0][0] or "")

    def put(self, feed: str, advisory: Advisory, modified: str = "") -> None:
        """Add a record, in the place of one with its id; ``modified`` is as a list says."""
        self.remove(feed, advisory.id)
        row = (feed, advisory.id, modified or advisory.modified, advisory.source, pack(advisory))
        added = self._do(_INSERT, row)
        for ecosystem, name in {(item.ecosystem, item.name) for item in advisory.affected}:
            self._do("INSERT INTO product VALUES (?, ?, ?)", (ecosystem, name, added))

    def refuse(self, feed: str, identifier: str, why: str, modified: str = "") -> None:
        """Remember that a record could not be read; the one of before, if any, stays."""
        row = (feed, identifier, modified, why[:400])
        self._do("INSERT OR REPLACE INTO refused VALUES (?, ?, ?, ?)", row)

    def remove(self, feed: str, identifier: str) -> None:
        """Take a record out, and that it was refused."""
        self._do("DELETE FROM refused WHERE feed = ? AND id = ?", (feed, identifier))
        query = "SELECT key, body FROM advisory WHERE feed = ? AND id = ?"
        for key, body in self._ask(query, feed, identifier):
            for item in unpack(body).affected:
                row = (item.ecosystem, item.name, key)
                self._do(
                    "DELETE FROM product WHERE ecosystem = ? AND name = ? AND advisory = ?", row
                )
            self._do("DELETE FROM advisory WHERE key = ?", (key,))

    def clear(self, feed: str) -> None:
        """Take every record of a feed out."""
        keys = "(SELECT key FROM advisory WHERE feed = ?)"
        self._do(f"DELETE FROM product WHERE advisory IN {keys}", (feed,))  # noqa: S608
        self._do("DELETE FROM advisory WHERE feed = ?", (feed,))
        self._do("DELETE FROM refused WHERE feed = ?", (feed,))

    def exploited(self, days: Mapping[str, str]) -> int:
        """Put CISA's list in the place of the one before; returns how many CVEs it has."""
        rows = [(n, day) for cve, day in days.items() if (n := cve_number(cve)) is not None]
        return self._replace("exploited", rows)

    def likelihoods(self, scores: Mapping[str, float]) -> int:
        """Put EPSS scores in the place of those before; returns how many CVEs have one."""
        found = ((cve_number(cve), round(score * MILLIONTHS)) for cve, score in scores.items())
        return self._replace("likelihood", [row for row in found if row[0] is not None])

    def tell(self, feed: Feed) -> None:
        """Say what is known of a feed now."""
        facts = {key: value for key, value in asdict(feed).items() if value}
        row = (feed.name, json.dumps(facts, sort_keys=True))
        self._do("INSERT OR REPLACE INTO feed VALUES (?, ?)", row)

    def _replace(self, table: str, rows: Sequence[tuple[int | None, object]]) -> int:
        self._do(f"DELETE FROM {table}")  # noqa: S608  (one of two tables)
        self._connection.executemany(f"INSERT OR REPLACE INTO {table} VALUES (?, ?)", rows)  # noqa: S608
        return int(self._ask(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608

    def _do(self, query: str, values: tuple[object, ...] = ()) -> int | None:
        return self._connection.execute(query, values).lastrowid

    def _ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return self._connection.execute(query, values).fetchall()
