"""The options that name a ledger, and the last step of every command that is recorded there."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from conda_preflight.config import Settings
from conda_preflight.errors import PreflightError, UsageError

if TYPE_CHECKING:
    from conda_preflight.ledger.record import Record

_Function = TypeVar("_Function", bound=Callable[..., Any])
VARIABLE = "CONDA_PREFLIGHT_LEDGER"
_UNRECORDED = "This was not recorded"


def recorded(function: _Function) -> _Function:
    """Add ``--ledger`` and ``--no-ledger``; the command gets ``ledger`` and ``no_ledger``."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


_OPTIONS = (
    click.option("--ledger", metavar="URL", default="", help="Where to record this."),
    click.option("--no-ledger", is_flag=True, help="Record this nowhere."),
)


def named(given: dict[str, Any]) -> str:
    """What the options say, taken out of the values of a command."""
    from conda_preflight.ledger.place import OFF

    url: str = given.pop("ledger")
    return OFF if given.pop("no_ledger") else url


def ledger_url(given: str, settings: Settings) -> str:
    """The ledger that is meant: as given, by the environment, the settings, else the user's own.

    "off" is none. Settings belong to what is audited, so a file that they name must lie below them
    or be there already. Raises UsageError.
    """
    from conda_preflight.ledger.place import OFF, file_of, is_server, usual_file

    url = given or os.environ.get(VARIABLE, "")
    if url or not settings.ledger.url:
        return url or str(usual_file())
    url = settings.ledger.url
    if url == OFF or is_server(url):
        return url
    folder = Path(settings.file).resolve().parent
    file = folder / file_of(url)
    if not file.resolve().is_relative_to(folder) and not file.exists():
        hint = f"Name it by {VARIABLE} or --ledger, which are yours alone."
        raise UsageError(f"The settings name a ledger outside of {folder}: {file}", hint)
    return str(file)


def remember(
    given: str, settings: Settings, make: Callable[[], Record], *, offline: bool = False
) -> None:
    """Add the record that ``make`` makes to the ledger that is meant.

    Whatever goes wrong is a warning on stderr: what was done stays done.
    """
    try:
        _remember(given, settings, make, offline=offline)
    except PreflightError as error:
        _warn(f"{error.message}. {error.hint}".rstrip())
    except Exception as error:  # noqa: BLE001  (no fault of a ledger may end an audit)
        _warn(f"{type(error).__name__}: {error}")


def _remember(given: str, settings: Settings, make: Callable[[], Record], *, offline: bool) -> None:
    from conda_preflight.ledger.place import OFF, is_server

    url = ledger_url(given, settings)
    if url == OFF:
        return
    if offline and is_server(url):
        raise UsageError("The ledger is on a server, and --offline was asked for")
    from conda_preflight.ledger.book import open_ledger

    sys.stdout.flush()
    with open_ledger(url) as ledger:
        ledger.append(make())


def _warn(why: str) -> None:
    from conda_preflight.output import say

    say(f"{_UNRECORDED}: {why}")


def is_whole(given: Mapping[str, Any]) -> bool:
    """Whether the command line left no rule and no document out."""
    return not any(given.get(name) for name in ("select", "ignore", "lock", "manifest"))
