"""Brings the tables of a ledger to this version, under the lock of its only writer."""

from __future__ import annotations

from collections.abc import Sequence

from conda_preflight.ledger import contents, standing
from conda_preflight.ledger.store import LedgerError, Store
from conda_preflight.ledger.tables import STEPS

_STANDING = 3
_NEWER = "Update conda-preflight, or name another ledger with --ledger."


def migrate(store: Store, *, blob: str, steps: Sequence[str] = STEPS) -> None:
    """Apply the steps that are missing, all or none; raises LedgerError for a newer ledger.

    ``blob`` is the database's type for bytes.
    """
    if refuse_newer(store, len(steps)) == len(steps):
        return
    with store.writing():
        store.run("CREATE TABLE IF NOT EXISTS step (number INTEGER PRIMARY KEY)")
        done = refuse_newer(store, len(steps))
        if 0 < done < _STANDING:
            _mend_first(store)
        for number, statements in enumerate(steps[done:], done + 1):
            for statement in statements.split(";"):
                store.run(statement.replace(" BYTES ", f" {blob} "))
            store.run("INSERT INTO step VALUES (?)", (number,))
        if done < _STANDING <= len(steps):
            standing.fill(store)


def _mend_first(store: Store) -> None:
    """What the first ledgers lacked though they had the first two steps."""
    store.run("CREATE INDEX IF NOT EXISTS record_digest ON record (digest)")
    contents.add_checks(store)


def refuse_newer(store: Store, known: int = len(STEPS)) -> int:
    """How many steps were applied, 0 for an empty database; raises LedgerError for more."""
    done = store.steps()
    if done > known:
        raise LedgerError(
            f"The ledger {store.name} was written by a newer conda-preflight"
            f" (step {done}, this one knows {known})",
            _NEWER,
        )
    return done
