"""A ledger in one SQLite file: one writer at a time, readers never wait.

A record is acknowledged when the write-ahead log is forced to the disk, so neither the end of
the process nor that of the machine loses it. Source: sqlite.org/wal.html and pragma.html.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from conda_preflight.ledger.migrations import migrate, refuse_newer
from conda_preflight.ledger.store import LedgerError, Row

APPLICATION = 0x43_50_4C_31
"""Which application the file is of, as its head says (SQLite's ``application_id``)."""
PATIENCE = 10.0
_PAUSE = 0.02
_HEAD = 100
_ANY = "SELECT 1 FROM sqlite_master LIMIT 1"
_MAGIC = b"SQLite format 3\0"
_FULL = ("is full", "disk i/o error", "no space left", "quota")


class SqliteStore:
    """The ledger of a file; made when it is not there, unless it is only to be read."""

    def __init__(self, file: Path, *, make: bool = True) -> None:
        self.name = str(file)
        self._file = file
        with self._told():
            _prepare(file, make=make)
            self._connection = sqlite3.connect(file, timeout=PATIENCE, isolation_level=None)
        try:
            self._begin()
        except BaseException:
            self._connection.close()
            raise

    def _begin(self) -> None:
        with self._told():
            if self.steps() == 0:
                self._mark()
            if self.rows("PRAGMA application_id") != [(APPLICATION,)]:
                raise _foreign(self._file)
            self._connection.execute("PRAGMA synchronous = FULL")
        migrate(self, blob="BLOB")
        refuse_newer(self)

    def _mark(self) -> None:
        """Make it ours; another process may do the same at this moment."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                if not self._connection.execute(_ANY).fetchall():
                    self._connection.execute(f"PRAGMA application_id = {APPLICATION}")
                    self._connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > end:
                    raise
                time.sleep(_PAUSE)
            else:
                return

    def steps(self) -> int:
        """How many steps were applied."""
        with self._told():
            query = "SELECT count(*) FROM sqlite_master WHERE name = 'step'"
            if not self._connection.execute(query).fetchone()[0]:
                return 0
            found = self._connection.execute("SELECT max(number) FROM step").fetchone()[0]
            return int(found or 0)

    def rows(self, query: str, values: Sequence[object] = ()) -> list[Row]:
        """All rows that a query gives."""
        with self._told():
            return self._connection.execute(query, tuple(values)).fetchall()

    def stream(self, query: str, values: Sequence[object] = ()) -> Iterator[Row]:
        """The rows one after another."""
        with self._told():
            yield from self._connection.execute(query, tuple(values))

    def run(self, statement: str, values: Sequence[object] = ()) -> None:
        """Carry out one statement."""
        with self._told():
            self._connection.execute(statement, tuple(values))

    def run_many(self, statement: str, values: Iterable[Sequence[object]]) -> None:
        """Carry out one statement for each of many values."""
        with self._told():
            self._connection.executemany(statement, values)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction of the only writer."""
        with self._transaction("BEGIN IMMEDIATE"):
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        """A transaction that sees one state."""
        with self._transaction("BEGIN"):
            yield

    @contextmanager
    def _transaction(self, beginning: str) -> Iterator[None]:
        self.run(beginning)
        try:
            yield
            self.run("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Errors of SQLite and of the system as sentences about the ledger."""
        try:
            yield
        except sqlite3.Error as error:
            raise _sentence(self._file, error) from None
        except UnicodeError:
            raise LedgerError(f"The ledger {self._file} is damaged") from None
        except OSError as error:
            why = error.strerror or error
            raise LedgerError(f"The ledger {self._file} cannot be opened: {why}") from None


def _prepare(file: Path, *, make: bool) -> None:
    """See that the file is ours or can be made; raises LedgerError."""
    if not file.exists():
        if not make:
            raise LedgerError(f"There is no ledger at {file}", "An audit begins one.")
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return
    if not file.is_file():
        raise LedgerError(f"{file} is no file, so it is no ledger")
    with file.open("rb") as stream:
        head = stream.read(_HEAD)
    ours = head.startswith(_MAGIC) and head[68:72] in (APPLICATION.to_bytes(4, "big"), bytes(4))
    if head and not ours:
        raise _foreign(file)


def _foreign(file: Path) -> LedgerError:
    return LedgerError(f"{file} is something else than a ledger", "Name another file.")


def _sentence(file: Path, error: sqlite3.Error) -> LedgerError:
    text = str(error).lower()
    if any(word in text for word in _FULL):
        return LedgerError(f"The ledger {file} cannot grow: the disk is full")
    if "locked" in text:
        return LedgerError(f"The ledger {file} is in use by another process for too long")
    if "readonly" in text or "unable to open" in text:
        return LedgerError(f"The ledger {file} cannot be written")
    return LedgerError(f"The ledger {file} is damaged: {error}")
