"""A ledger in a PostgreSQL database, for teams: in a schema of its own, ``conda_preflight``.

Writers wait for each other by an advisory lock that ends with the transaction, so that the
chain has one order; a record is acknowledged by the commit. Source: PostgreSQL's documentation,
"Advisory Locks" and "Transaction Isolation".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn, cast

from conda_preflight.grammar.url import redact
from conda_preflight.ledger.migrations import migrate
from conda_preflight.ledger.store import LedgerError, Row

if TYPE_CHECKING:
    import psycopg

PATIENCE = 10
"""Seconds to wait for the server, and for another writer."""
_LOCK = 0x43_50_4C_31
_BATCH = 1000
_SCHEMA = "conda_preflight"
_MISSING = "Install it: pip install 'conda-preflight[postgres]'."


class PostgresStore:
    """The ledger of a database; its tables are made when they are not there, unless only read."""

    def __init__(self, url: str, *, make: bool = True) -> None:
        self.name = redact(url)
        self._psycopg = _library()
        try:
            self._connection: psycopg.Connection[Row] = self._psycopg.connect(
                url, autocommit=True, connect_timeout=PATIENCE, application_name="conda-preflight"
            )
        except self._psycopg.Error as error:
            self._raise(error)
        try:
            self._begin(make=make)
        except BaseException:
            self._connection.close()
            raise

    def _begin(self, *, make: bool) -> None:
        self.run(f"SET lock_timeout = '{PATIENCE}s'")
        query = "SELECT 1 FROM information_schema.schemata WHERE schema_name = ?"
        there = bool(self.rows(query, (_SCHEMA,)))
        if not there and not make:
            raise LedgerError(f"There is no ledger at {self.name}", "An audit begins one.")
        if not there:
            with self.writing():
                self.run(f"CREATE SCHEMA IF NOT EXISTS {_SCHEMA}")
        self.run(f"SET search_path = {_SCHEMA}")
        migrate(self, blob="BYTEA")

    def steps(self) -> int:
        """How many steps were applied."""
        query = "SELECT 1 FROM information_schema.tables WHERE table_schema = ? AND table_name = ?"
        if not self.rows(query, (_SCHEMA, "step")):
            return 0
        return int(self.rows("SELECT max(number) FROM step")[0][0] or 0)

    def rows(self, query: str, values: Sequence[object] = ()) -> list[Row]:
        """All rows that a query gives."""
        try:
            return self._connection.execute(_dialect(query), values).fetchall()
        except self._psycopg.Error as error:
            self._raise(error)

    def stream(self, query: str, values: Sequence[object] = ()) -> Iterator[Row]:
        """The rows one after another, fetched by a cursor on the server; in a transaction."""
        try:
            with self._connection.cursor(name=f"stream_{id(values)}_{len(query)}") as cursor:
                cursor.itersize = _BATCH
                cursor.execute(_dialect(query), values)
                yield from cursor
        except self._psycopg.Error as error:
            self._raise(error)

    def run(self, statement: str, values: Sequence[object] = ()) -> None:
        """Carry out one statement."""
        try:
            self._connection.execute(_dialect(statement), values)
        except self._psycopg.Error as error:
            self._raise(error)

    def run_many(self, statement: str, values: Iterable[Sequence[object]]) -> None:
        """Carry out one statement for each of many values."""
        try:
            with self._connection.cursor() as cursor:
                cursor.executemany(_dialect(statement), values)
        except self._psycopg.Error as error:
            self._raise(error)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction of the only writer."""
        with self._transaction("BEGIN"):
            self.run("SELECT pg_advisory_xact_lock(?)", (_LOCK,))
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        """A transaction that sees one state."""
        with self._transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"):
            yield

    @contextmanager
    def _transaction(self, beginning: str) -> Iterator[None]:
        self.run(beginning)
        try:
            yield
            self.run("COMMIT")
        except BaseException:
            if not self._connection.closed:
                self._connection.rollback()
            raise

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def _raise(self, error: Exception) -> NoReturn:
        """An error of the server as a sentence, without what the address may hold."""
        lines = [redact(each.strip()) for each in str(error).splitlines() if each.strip()]
        why = lines[0] if lines else type(error).__name__
        raise LedgerError(f"The ledger {self.name} does not answer: {why}") from None


def _library() -> Any:  # noqa: ANN401  (a module that may not be there)
    try:
        import psycopg
    except ImportError:
        raise LedgerError("A ledger in PostgreSQL needs psycopg", _MISSING) from None
    return psycopg


def _dialect(statement: str) -> Any:  # noqa: ANN401  (psycopg wants literal texts)
    return cast("Any", statement.replace("?", "%s"))
