"""The options that send the report of an audit to a dashboard, and its last step."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from conda_preflight.errors import PreflightError, UsageError

if TYPE_CHECKING:
    from conda_preflight.ledger.record import Record

_Function = TypeVar("_Function", bound=Callable[..., Any])
VARIABLE = "CONDA_PREFLIGHT_POST_TOKEN"
_OPTIONS = (
    click.option("--post", metavar="URL", default="", help="Send the report to a dashboard."),
    click.option("--post-required", is_flag=True, help="Exit code 2 where it was not taken."),
)


def posted(function: _Function) -> _Function:
    """Add ``--post`` and ``--post-required``; ``destination`` takes them out."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def destination(given: dict[str, Any]) -> tuple[str, bool]:
    """Where to send it, empty for nowhere, and whether it must arrive; raises UsageError.

    Told before the audit, so that nobody waits for one whose report cannot be sent.
    """
    url, required = given.pop("post"), given.pop("post_required")
    if not url:
        if required:
            raise UsageError("--post-required needs an address", "Name it: --post URL.")
        return "", False
    from conda_preflight.web.sending import address

    if given.get("offline"):
        raise UsageError("--post needs the network, and --offline was asked for")
    if not os.environ.get(VARIABLE):
        hint = (
            "Where the dashboard runs, `conda-preflight serve token create --token-file FILE "
            "--scope post --name NAME` makes one."
        )
        raise UsageError(f"The variable {VARIABLE} has no token", hint)
    return address(url), required


def post(where: tuple[str, bool], make: Callable[[], Record], report: Callable[[], str]) -> None:
    """Send it; what goes wrong is a warning, unless it must arrive: then it is raised."""
    url, required = where
    if not url:
        return
    from conda_preflight.output import say
    from conda_preflight.web.receiving import message
    from conda_preflight.web.sending import send

    try:
        sent = send(url, os.environ[VARIABLE], message(make(), report()))
    except PreflightError as error:
        if required:
            raise
        say(error.message)
    else:
        say(f"The report is record {sent.seq} there{'' if sent.is_new else ', as before'}.")
