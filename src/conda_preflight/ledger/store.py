"""What a ledger asks of a database; the two that there are differ in little more than this."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from conda_preflight.errors import PreflightError

Row = tuple[Any, ...]


class LedgerError(PreflightError):
    """There is no ledger that can take a record or answer."""


class KeyTakenError(LedgerError):
    """Another record has this key."""


class Store(Protocol):
    """A database with the tables of a ledger; every method raises LedgerError.

    Statements have ``?`` for values.
    """

    name: str
    """What to call it, without credentials."""

    def rows(self, query: str, values: Sequence[object] = ()) -> list[Row]:
        """All rows that a query gives."""

    def stream(self, query: str, values: Sequence[object] = ()) -> Iterator[Row]:
        """The rows one after another, for many."""

    def run(self, statement: str, values: Sequence[object] = ()) -> None:
        """Carry out one statement."""

    def run_many(self, statement: str, values: Iterable[Sequence[object]]) -> None:
        """Carry out one statement for each of many values."""

    def writing(self) -> AbstractContextManager[None]:
        """A transaction of the only writer: all of it is kept, or nothing."""

    def reading(self) -> AbstractContextManager[None]:
        """A transaction that sees one state, whatever is written meanwhile."""

    def steps(self) -> int:
        """How many steps of ``tables`` were applied, 0 for an empty database."""

    def close(self) -> None:
        """Let go of it."""
