"""A changed advisory database takes the place of the one in use, whole or not at all."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from conda_preflight.durable import sync_folder
from conda_preflight.engines.advisory_draft import Draft
from conda_preflight.engines.advisory_store import (
    AdvisoryStore,
    DatabaseError,
    ForeignError,
    damaged,
    refuse_foreign,
)
from conda_preflight.engines.advisory_tables import APPLICATION, TABLES, VERSION

_BLOCK = 1024 * 1024
_FULL = ("is full", "disk i/o error", "no space left", "file too large", "quota")
_SPACE = "Free some space, or name another place with --db. What was there before still answers."


def why_anew(target: Path) -> str | None:
    """Why nothing there can be carried on; empty where nothing is there, None where it can.

    Raises ForeignError for a file that is something else, which must not be lost.
    """
    if not target.exists():
        return ""
    try:
        with AdvisoryStore(target) as store:
            store.check()
    except ForeignError:
        raise
    except DatabaseError as error:
        return error.message
    return None


@contextmanager
def draft(target: Path, *, fresh: bool = False) -> Iterator[Draft]:
    """A draft with what is at the target, or an empty one; at the end it takes its place.

    It is verified and forced to the disk first. Whatever goes wrong, the target stays as it was
    and no draft is left. Only for who holds ``the_only``: drafts of killed processes are removed.
    Raises DatabaseError where the disk is full, or what was drafted is empty.
    """
    target = target.absolute()
    target.parent.mkdir(parents=True, exist_ok=True)
    for left in target.parent.glob(f".{target.name[:100]}.*.draft"):
        left.unlink(missing_ok=True)
    file = target.with_name(f".{target.name[:100]}.{secrets.token_hex(6)}.draft")
    try:
        with _told(target):
            connection = _begun(file, None if fresh else target)
            try:
                drafted = Draft(file, connection)
                yield drafted
                drafted.close()
            finally:
                connection.close()
            _verify(file)
            file.replace(target)
            sync_folder(target.parent)
    finally:
        for left in (file, file.with_name(file.name + "-journal")):
            left.unlink(missing_ok=True)


@contextmanager
def writing(target: Path) -> Iterator[Path]:
    """A file to write beside the target, which takes its place at the end; raises DatabaseError."""
    target = target.absolute()
    file = target.with_name(f".{target.name[:100]}.{secrets.token_hex(6)}.tmp")
    try:
        with _told(target):
            yield file
            file.replace(target)
    finally:
        file.unlink(missing_ok=True)


@contextmanager
def the_only(target: Path) -> Iterator[None]:
    """Hold the right to change a database; raises DatabaseError where another process has it.

    The lock is one of SQLite's on an empty file, so that the system lets go of it when the
    process ends, however it ends.
    """
    with _told(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_file():
            refuse_foreign(target)
        connection = sqlite3.connect(target.with_name(target.name + ".lock"), timeout=0)
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:
        connection.close()
        raise DatabaseError(
            f"Another process is changing the advisory database {target}",
            "Wait until it has ended; what was there before answers meanwhile.",
        ) from None
    try:
        yield
    finally:
        connection.close()


def _begun(file: Path, target: Path | None) -> sqlite3.Connection:
    """A connection to a new file with the tables, and with what the target holds."""
    if target is None:
        file.touch(0o644)
    else:
        _copy(target, file)
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA journal_mode = MEMORY")
    connection.execute("PRAGMA synchronous = OFF")
    if target is None:
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.executescript(TABLES)
    connection.execute("BEGIN")
    return connection


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as read, target.open("xb") as write:
        while block := read.read(_BLOCK):
            write.write(block)


def _verify(file: Path) -> None:
    """Force it to the disk and read it again; raises DatabaseError."""
    with file.open("rb+") as stream:
        os.fsync(stream.fileno())
    with AdvisoryStore(file) as store:
        store.check()


@contextmanager
def _told(target: Path) -> Iterator[None]:
    """Errors of SQLite and the system as sentences about the database."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if any(word in str(error).lower() for word in _FULL):
            raise DatabaseError("The disk is full", _SPACE) from None
        if isinstance(error, sqlite3.OperationalError) and "unable to open" in str(error):
            raise DatabaseError(f"{target.parent} cannot be written to") from None
        raise damaged(target) from None
    except OSError as error:
        if any(word in str(error).lower() for word in _FULL):
            raise DatabaseError("The disk is full", _SPACE) from None
        raise DatabaseError(f"{target}: {error.strerror or error}") from None
