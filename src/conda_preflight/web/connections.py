"""Threads that ask the ledger, each with a connection of its own, and the one that writes."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from conda_preflight.ledger.book import Ledger, open_ledger
from conda_preflight.ledger.store import LedgerError

T = TypeVar("T")
READERS = 4


class Connections:
    """A ledger by URL; what fails is given up, so that the next question opens it anew."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._own = threading.local()
        self._readers = ThreadPoolExecutor(READERS, "ledger-reader")
        self._writer = ThreadPoolExecutor(1, "ledger-writer")

    async def read(self, question: Callable[[Ledger], T]) -> T:
        """The answer to a question; raises LedgerError."""
        return await asyncio.get_running_loop().run_in_executor(
            self._readers, self._asked, question
        )

    async def write(self, step: Callable[[Ledger], T]) -> T:
        """What a step that writes returns; one after another. Raises LedgerError."""
        return await asyncio.get_running_loop().run_in_executor(self._writer, self._asked, step)

    def _asked(self, question: Callable[[Ledger], T]) -> T:
        ledger: Ledger | None = getattr(self._own, "ledger", None)
        if ledger is None:
            ledger = self._own.ledger = open_ledger(self._url)
        try:
            return question(ledger)
        except LedgerError:
            self._own.ledger = None
            ledger.close()
            raise

    def close(self) -> None:
        """Wait for what was begun, and end the threads."""
        self._writer.shutdown()
        self._readers.shutdown()
