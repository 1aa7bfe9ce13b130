"""The advisory database on disk, opened to be asked: one SQLite file that is never written here."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from conda_preflight.advisories.record import product_name
from conda_preflight.documents.advisory import Advisory, Feed
from conda_preflight.engines.advisory_tables import (
    APPLICATION,
    MILLIONTHS,
    VERSION,
    cve_number,
    unpack,
)
from conda_preflight.errors import PreflightError, ReadError

_MAKE = "Make it with `conda-preflight db update`, or `conda-preflight db import FILE`."
_AGAIN = "Make it anew with `conda-preflight db update`."
_HEAD = 100
_MAGIC = b"SQLite format 3\0"
_FIND = (
    "SELECT a.id, a.modified, a.body FROM product p JOIN advisory a ON a.key = p.advisory"
    " WHERE p.ecosystem = ? AND p.name = ? ORDER BY a.id, a.modified"
)


class DatabaseError(PreflightError):
    """There is no advisory database that can answer; this is never "no findings"."""


class ForeignError(DatabaseError):
    """A file is something else than an advisory database, and is never written over."""


class AdvisoryStore:
    """A database that answers by product; ``feeds`` say what it holds.

    Raises DatabaseError where the file is absent, damaged, empty, of another version, or no
    database of ours, when it is opened or asked. It may be replaced while it is open: what
    was opened goes on answering.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._connection = _opened(file)
        self._remembered: dict[tuple[str, str], tuple[Advisory, ...]] = {}
        try:
            self.feeds = tuple(self._feeds())
        except DatabaseError:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    @property
    def ecosystems(self) -> tuple[str, ...]:
        """The ecosystems of which there is any record, sorted."""
        rows = self._ask("SELECT DISTINCT ecosystem FROM product ORDER BY ecosystem")
        return tuple(str(row[0]) for row in rows)

    def prepare(self, products: Iterable[tuple[str, str, str]]) -> None:
        """Nothing: what must be fetched before it is asked does it here."""

    def lookup(self, ecosystem: str, name: str) -> tuple[Advisory, ...]:
        """Every record about a product, also withdrawn ones, by id; empty where there is none.

        Of an id that several feeds have, the newest is given.
        """
        key = (ecosystem, product_name(ecosystem, name))
        if key not in self._remembered:
            rows = {row[0]: row[2] for row in self._ask(_FIND, key)}
            self._remembered[key] = tuple(self._unpacked(body) for body in rows.values())
        return self._remembered[key]

    def exploited(self, identifiers: Iterable[str]) -> dict[str, str]:
        """The days on which CISA listed these CVEs as exploited; what is not listed is left out."""
        return {
            cve: str(row[0])
            for cve, number in _numbers(identifiers)
            for row in self._ask("SELECT added FROM exploited WHERE cve = ?", (number,))
        }

    def likelihoods(self, identifiers: Iterable[str]) -> dict[str, float]:
        """The EPSS scores, 0 to 1, of these CVEs; what has none is left out."""
        return {
            cve: int(row[0]) / MILLIONTHS
            for cve, number in _numbers(identifiers)
            for row in self._ask("SELECT score FROM likelihood WHERE cve = ?", (number,))
        }

    def check(self) -> None:
        """Read every page; raises DatabaseError where one is damaged."""
        found = self._ask("PRAGMA integrity_check(1)")
        if found != [("ok",)]:
            raise damaged(self.file)

    def rows(self, query: str, values: tuple[object, ...] = ()) -> Iterator[tuple[Any, ...]]:
        """What a query answers, row by row; raises DatabaseError."""
        with _told(self.file):
            yield from self._connection.execute(query, values)

    def _ask(self, query: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        with _told(self.file):
            return self._connection.execute(query, values).fetchall()

    def _unpacked(self, body: bytes) -> Advisory:
        try:
            return unpack(body)
        except ReadError:
            raise damaged(self.file) from None

    def _feeds(self) -> Iterator[Feed]:
        """What it holds; raises DatabaseError where that is no advisory."""
        for _, facts in self._ask("SELECT name, facts FROM feed ORDER BY name"):
            yield feed(facts, self.file)
        if not self._ask("SELECT 1 FROM advisory LIMIT 1"):
            raise DatabaseError(f"The advisory database {self.file} is empty", _MAKE)


def feed(facts: str, file: Path) -> Feed:
    """The feed of a text as the table keeps it; raises DatabaseError."""
    try:
        held = json.loads(facts)
        problems = tuple(str(one) for one in held.pop("problems", ()))
        records = int(held.pop("records", 0))
        return Feed(
            **{key: str(value) for key, value in held.items()}, records=records, problems=problems
        )
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise damaged(file) from None


def damaged(file: Path) -> DatabaseError:
    """What to say of a file that is not whole."""
    return DatabaseError(f"The advisory database {file} is damaged", _AGAIN)


def _opened(file: Path) -> sqlite3.Connection:
    if not file.exists():
        raise DatabaseError(f"There is no advisory database at {file}", _MAKE)
    if not file.is_file():
        raise ForeignError(f"{file} is no file, so it is no advisory database", _MAKE)
    with _told(file):
        refuse_foreign(file)
        if not file.stat().st_size:
            raise DatabaseError(f"The advisory database {file} is empty", _MAKE)
        found = sqlite3.connect(f"file:{quote(str(file.absolute()))}?mode=ro&immutable=1", uri=True)
    try:
        with _told(file):
            _refuse_other(file, found)
    except DatabaseError:
        found.close()
        raise
    return found


def _refuse_other(file: Path, connection: sqlite3.Connection) -> None:
    with closing(connection.execute("PRAGMA user_version")) as cursor:
        version = cursor.fetchone()[0]
    if version != VERSION:
        raise DatabaseError(
            f"The advisory database {file} is of version {version}, not {VERSION}", _AGAIN
        )


def refuse_foreign(file: Path) -> None:
    """Raise ForeignError for a file that is neither empty nor a database of ours.

    SQLite's file format has a magic at the start of the file, and the application at byte 68.
    """
    with file.open("rb") as stream:
        head = stream.read(_HEAD)
    ours = head.startswith(_MAGIC) and head[68:72] == APPLICATION.to_bytes(4, "big")
    if head and not ours:
        raise ForeignError(
            f"{file} is no advisory database of ours", "Name another file, or remove this one."
        )


@contextmanager
def _told(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if "unable to open" in str(error):
            raise DatabaseError(f"The advisory database {file} cannot be opened") from None
        raise damaged(file) from None
    except (sqlite3.Error, OverflowError, UnicodeError):
        raise damaged(file) from None
    except OSError as error:
        raise DatabaseError(f"{file} cannot be read: {error.strerror or error}") from None


def _numbers(identifiers: Iterable[str]) -> Iterator[tuple[str, int]]:
    found = ((identifier, cve_number(identifier)) for identifier in identifiers)
    return ((identifier, number) for identifier, number in found if number is not None)
