"""The journals of what was moved away, one file for each run, and the right to change them."""

from __future__ import annotations

import fcntl
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from conda_preflight.cleaning import journal as form
from conda_preflight.cleaning.journal import Journal
from conda_preflight.durable import sync_folder
from conda_preflight.errors import PreflightError, ReadError

MAX_BYTES = 256 * 1024 * 1024
MAX_JOURNALS = 10_000
_ENDING = ".json"


class BusyError(PreflightError):
    """Another process is cleaning."""


def fresh_name(now: float) -> str:
    """A name for a run that nobody has: the time of it, and a few letters."""
    return f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime(now))}-{secrets.token_hex(2)}"


class Journals:
    """A folder of journals."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def all(self) -> list[Journal]:
        """Those that can be read, the oldest first."""
        return [each for _, each in self._read() if each]

    def broken(self) -> list[str]:
        """The files that are no journals any more."""
        return [str(file) for file, each in self._read() if each is None]

    def write(self, journal: Journal) -> None:
        """Put a journal on the disk, whole or not at all, before anything is moved."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        target = self._file(journal.name)
        temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
        with temporary.open("w", encoding="ascii") as stream:
            stream.write(form.written(journal))
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(target)
        sync_folder(self.folder)

    def drop(self, journal: Journal) -> None:
        """Forget a run of which nothing is left in the trash."""
        self._file(journal.name).unlink(missing_ok=True)
        sync_folder(self.folder)

    @contextmanager
    def the_only(self) -> Iterator[None]:
        """Hold the right to clean; the system takes it back when the process ends.

        Raises BusyError where another process has it.
        """
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.folder / ".lock").open("a") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise BusyError(
                    "Another process is cleaning", "Wait until it has ended, then try again."
                ) from None
            for left in self.folder.glob(".*.tmp"):
                left.unlink(missing_ok=True)
            yield

    def _read(self) -> Iterator[tuple[Path, Journal | None]]:
        files = sorted(self.folder.glob(f"*{_ENDING}"))[:MAX_JOURNALS] if self._is_there() else []
        for file in files:
            try:
                with file.open("rb") as stream:
                    found = form.read(stream.read(MAX_BYTES).decode("ascii", "replace"))
            except (OSError, ReadError):
                yield file, None
                continue
            yield file, found if found.name == file.stem else None

    def _is_there(self) -> bool:
        return self.folder.is_dir()

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}{_ENDING}"
