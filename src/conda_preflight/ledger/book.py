"""Opens a ledger, takes records and answers questions, for every command that has to do with one.

```python
with open_ledger("sqlite:///ledger.db") as ledger:
    entry = ledger.append(record, key="from-the-client")
    lines = ledger.timeline("github.com/org/repo#.", limit=20)
```
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Self

from conda_preflight.ledger import appending, contents, form
from conda_preflight.ledger.chain import BEGINNING
from conda_preflight.ledger.place import file_of, is_server
from conda_preflight.ledger.record import Entry, Record
from conda_preflight.ledger.store import LedgerError, Store

if TYPE_CHECKING:
    from conda_preflight.ledger.answer import Day, Known, Line, Spell, Stay, Verified
    from conda_preflight.ledger.board import Board
    from conda_preflight.ledger.events import PackageEvent

LIMIT = 1000
_SHORT, _LONG = 6, 10
_HEX = frozenset("0123456789abcdef")


def open_ledger(url: str, *, make: bool = True) -> Ledger:
    """The ledger at a URL or in a file, made where there is none unless ``make`` is false.

    Raises LedgerError where it cannot be opened, is something else, or of a newer version.
    """
    if is_server(url):
        from conda_preflight.ledger.postgres_store import PostgresStore

        return Ledger(PostgresStore(url, make=make))
    from conda_preflight.ledger.sqlite_store import SqliteStore

    return Ledger(SqliteStore(file_of(url), make=make))


class Ledger:
    """A ledger that is open; every method raises LedgerError where the database fails.

    ``name`` is what to call it, without credentials. Of a project, ``subject`` is one file of it or
    "."; None means all.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.name = store.name

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
        """Let go of the database."""
        self._store.close()

    def append(self, record: Record, key: str = "") -> Entry:
        """Add a record; when this returns, nothing but the loss of the disk can lose it.

        With a ``key``, the same record under the same key is added once, however often it
        is sent. Raises ReadError where a value of the record is of another kind.
        """
        return appending.append(self._store, form.written(record), key or os.urandom(16).hex())

    def projects(
        self, lead: str = "", limit: int = LIMIT, after: tuple[str, str] = ("", "")
    ) -> tuple[Known, ...]:
        """Projects and subjects in order, whose project begins with ``lead``, after another one."""
        from conda_preflight.ledger import asking

        return asking.projects(self._store, lead, limit, after)

    def timeline(
        self,
        project: str,
        subject: str | None = None,
        limit: int = 50,
        before: int | None = None,
    ) -> tuple[Line, ...]:
        """Records of a project, the newest first, from below the number ``before``."""
        from conda_preflight.ledger import asking

        return asking.timeline(self._store, project, subject, limit, before)

    def latest(self, limit: int = 50, before: int | None = None) -> tuple[Line, ...]:
        """Records of all projects, the newest first."""
        from conda_preflight.ledger import asking

        return asking.latest(self._store, limit, before)

    def record(self, seq: int) -> Record:
        """The whole record of a number; raises LedgerError where there is none."""
        rows = self._store.rows("SELECT body FROM record WHERE seq = ?", (seq,))
        if not rows:
            raise LedgerError(f"The ledger {self.name} has no record {seq}")
        return form.read(rows[0][0], contents.of(self._store))

    def spells(
        self, project: str | None, *, fingerprint: str = "", rule: str = "", limit: int = LIMIT
    ) -> tuple[Spell, ...]:
        """When a finding, or those of a rule, came and went, the newest first; None: anywhere."""
        from conda_preflight.ledger import asking

        numbers = None if project is None else asking.series_of(self._store, project, None)
        return asking.spells(self._store, numbers, fingerprint=fingerprint, rule=rule, limit=limit)

    def stays(self, project: str, package: str, limit: int = LIMIT) -> tuple[Stay, ...]:
        """When versions of a package came and went in a project, the newest first."""
        from conda_preflight.ledger import asking

        numbers = asking.series_of(self._store, project, None)
        return asking.stays(self._store, numbers, package, limit=limit)

    def events(self, project: str, package: str) -> tuple[PackageEvent, ...]:
        """What brought, changed and removed a package in a project, the newest first."""
        from conda_preflight.ledger import asking
        from conda_preflight.ledger.events import events

        first = asking.first_records(self._store, project)
        return events(self.stays(project, package), first)

    def lines(self, numbers: Iterable[int]) -> tuple[Line, ...]:
        """The records of some numbers as in a timeline, the newest first."""
        from conda_preflight.ledger import asking

        return asking.lines(self._store, numbers)

    def number(self, named: str) -> int:
        """The number of a record that is named by it or by the beginning of its digest.

        Raises LedgerError where that is none, or not one alone.
        """
        from conda_preflight.ledger import asking

        text = named.removeprefix("#")
        plain = text.isascii() and text.isdigit() and len(text) < _LONG
        if plain and self._store.rows("SELECT 1 FROM record WHERE seq = ?", (int(text),)):
            return int(text)
        if len(text) < _SHORT or not _HEX.issuperset(text):
            hint = "Name it by its number, or by its digest."
            raise LedgerError(f"The ledger {self.name} has no record {named}", hint)
        found = asking.numbered(self._store, text)
        if len(found) != 1:
            why = "no record" if not found else "several records"
            raise LedgerError(f"The digest {named} is of {why}")
        return found[0]

    def where_is(self, package: str, version: str = "", limit: int = LIMIT) -> tuple[Stay, ...]:
        """The environments that have a package now, by the latest record of each project."""
        from conda_preflight.ledger import asking

        return asking.where_package(self._store, package, version, limit)

    def where_found(self, advisory: str, limit: int = LIMIT) -> tuple[Spell, ...]:
        """The findings that name an advisory now, muted ones too, by the latest records."""
        from conda_preflight.ledger import asking

        return asking.where_advisory(self._store, advisory, limit)

    def findings_over_time(self, since: str = "") -> tuple[Day, ...]:
        """Findings of all projects by day; ``since`` is a day as ``2026-11-24``."""
        from conda_preflight.ledger import asking

        return asking.findings_over_time(self._store, since)

    def board(self) -> Board:
        """The questions of a dashboard, about all environments at once."""
        from conda_preflight.ledger.board import Board

        return Board(self._store)

    def head(self) -> str:
        """The digest of the last record; noted elsewhere, it shows later that none is missing."""
        rows = self._store.rows("SELECT digest FROM record ORDER BY seq DESC LIMIT 1")
        return str(rows[0][0]) if rows else BEGINNING

    def verify(self, head: str = "") -> Verified:
        """Everything read anew and compared; ``head`` is a digest that a record must have."""
        from conda_preflight.ledger.verifying import verify

        return verify(self._store, head)
