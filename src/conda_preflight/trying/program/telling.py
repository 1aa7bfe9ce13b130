"""How a step tells what it finds: lines of JSON in a file that nothing else writes to.

What a framework prints cannot be mistaken for an answer, and what was told before a crash
is there after it.
"""

from __future__ import annotations

import json
import os


class NotTriedError(Exception):
    """A step cannot be tried here; the message says why."""


class NotInstalledError(Exception):
    """What a step is about is not in the prefix."""


class WrongResultError(Exception):
    """Something ran and its result is not what it must be."""


class Answer:
    """The answer of one step; ``device`` is "auto" or "cpu", ``argument`` the step's own."""

    def __init__(self, path: str, device: str, argument: str = "") -> None:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        self._file = os.open(path, flags, 0o600)
        self.path, self.device, self.argument = path, device, argument

    def fact(self, name: str, value: object) -> None:
        """One thing that was read; nothing is said of what is None."""
        if value is not None:
            self._line({"fact": name, "value": str(value)[:4000]})

    def doing(self, what: str) -> None:
        """What comes now, so that a crash has a place."""
        self._line({"doing": what})

    def end(self, status: str, detail: str) -> None:
        """The last word; nothing after it counts."""
        self._line({"status": status, "detail": detail[:8000]})

    def _line(self, line: dict[str, str]) -> None:
        os.write(self._file, (json.dumps(line) + "\n").encode())
