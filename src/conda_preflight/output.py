"""Where a report goes: the formats by name, the terminal, and files written whole."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from conda_preflight.errors import UsageError
from conda_preflight.language import ENGLISH, speaking, spoken
from conda_preflight.report import Report

if TYPE_CHECKING:
    from conda_preflight.writers.ink import Ink

_NAMES = ("text", "json", "sarif", "junit", "markdown", "html", "github", "gitlab", "openvex")
OF_REPOSITORIES = frozenset(("github", "gitlab", "sarif"))
"""Formats that are read beside a whole repository: their paths start at its top."""

FOR_PEOPLE = frozenset(("text", "markdown", "html"))
"""Formats in the language of who reads them; the others are for programs, and English."""


class _Formats(Mapping[str, Callable[[Report], str]]):
    """The writers by name; a writer is imported when it is asked for."""

    def __getitem__(self, name: str) -> Callable[[Report], str]:
        writer = import_module(f"conda_preflight.writers.{name}")
        write: Callable[[Report], str] = writer.write
        return _told(write) if name in FOR_PEOPLE else _in_english(write)

    def __iter__(self) -> Iterator[str]:
        return iter(_NAMES)

    def __len__(self) -> int:
        return len(_NAMES)

    def __contains__(self, name: object) -> bool:
        return name in _NAMES


def _in_english(write: Callable[[Report], str]) -> Callable[[Report], str]:
    def written(report: Report) -> str:
        with speaking(ENGLISH):
            return write(report)

    return write if spoken() == ENGLISH else written


def _told(write: Callable[[Report], str]) -> Callable[[Report], str]:
    return write if spoken() == ENGLISH else lambda report: write(_translated(report))


def _translated(report: Report) -> Report:
    """The report in the language that is spoken; English needs no translation."""
    if spoken() == ENGLISH:
        return report
    from conda_preflight.translation import translated

    return translated(report, spoken())


FORMATS = _Formats()


def terminal(report: Report, *, colour: bool | None, quiet: bool, verbose: int) -> str:
    """The text report as this terminal can show it."""
    from conda_preflight.writers import text

    pen = ink(colour=colour)
    return text.write(
        _translated(report),
        width=pen.width,
        colour=pen.colour,
        unicode=pen.unicode,
        verbose=verbose,
        quiet=quiet,
    )


def ink(*, colour: bool | None) -> Ink:
    """How this terminal is written to; ``colour`` None decides by it."""
    from conda_preflight.writers.ink import Ink

    encoding = (sys.stdout.encoding or "ascii").lower()
    chosen = _colour() if colour is None else colour
    return Ink(min(_columns(), 120), chosen, unicode=encoding.startswith("utf"))


def say(sentence: str) -> None:
    """A sentence on stderr, where foreign names in it cannot act."""
    from conda_preflight.writers.escaping import visible

    sys.stderr.write(f"conda-preflight: {visible(sentence)}\n")


def _columns() -> int:
    """COLUMNS, else the terminal's width, else 100; shutil's own costs 1.5 ms to import."""
    try:
        return int(os.environ.get("COLUMNS", "")) or 100
    except ValueError:
        pass
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or 100
    except (AttributeError, OSError, ValueError):
        return 100


def _colour() -> bool:
    """NO_COLOR and FORCE_COLOR hold, else colour is for terminals (https://no-color.org)."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def write_atomically(file: Path, text: str) -> None:
    """Write a whole text file or none of it; raises UsageError when it cannot be written."""
    write_bytes_atomically(file, text.encode("utf-8", "backslashreplace"))


def write_bytes_atomically(file: Path, data: bytes) -> None:
    """Write a whole file or none of it, with the mode it had; raises UsageError."""
    from conda_preflight.lockfiles.writing import replace_file

    try:
        replace_file(file, data)
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror or error}") from None
