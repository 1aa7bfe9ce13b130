"""Every error that is told to a person."""

from __future__ import annotations


class PreflightError(Exception):
    """A sentence for a person, and a hint about what to do next."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Skip(Exception):  # noqa: N818  (a signal of the contract of checks, not an error)
    """Raised where nothing can be told, by a check or by what it asks; the text says why."""


class UsageError(PreflightError):
    """The command line or the settings ask for something that cannot be."""


class ReadError(PreflightError):
    """A file cannot be understood; ``line`` and ``column`` count from 1, 0 is unknown."""

    def __init__(self, message: str, hint: str = "", line: int = 0, column: int = 0) -> None:
        super().__init__(message, hint)
        self.line = line
        self.column = column


class WriteError(PreflightError):
    """A value cannot be written in a format without becoming another one."""
