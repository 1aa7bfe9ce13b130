"""A line on stderr that says how far long work is: on a terminal, after a second."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType
from typing import Self

_PATIENCE = 1.0
_PAUSE = 0.1
_CELLS = 24
_CLEAR = "\r\x1b[2K"


class Progress:
    """Shows the step that was told last; gone when it is closed. Threads may tell."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._shown = 0.0
        self._lock = threading.Lock()
        self._wanted = sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        with self._lock:
            if self._shown:
                sys.stderr.write(_CLEAR)
                sys.stderr.flush()
            self._wanted = False

    def tell(self, step: str, done: int, total: int) -> None:
        """Say that ``done`` of ``total`` parts of a step are done; 0 for not known."""
        now = time.monotonic()
        with self._lock:
            due = now - self._begun > _PATIENCE and (not total or now - self._shown > _PAUSE)
            if self._wanted and due:
                self._shown = now
                sys.stderr.write(_CLEAR + _line(step, done, total))
                sys.stderr.flush()


def _line(step: str, done: int, total: int) -> str:
    if not total:
        return f"{step} ..."
    filled = _CELLS * min(done, total) // total
    return f"{step} [{'#' * filled}{'.' * (_CELLS - filled)}] {done} of {total}"
