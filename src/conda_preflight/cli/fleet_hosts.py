"""``conda-preflight fleet --hosts``: the hosts of a file, asked over ssh."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from conda_preflight.errors import UsageError

if TYPE_CHECKING:
    from conda_preflight.fleet.collect import Request
    from conda_preflight.fleet.outcome import Fleet

_Function = TypeVar("_Function", bound=Callable[..., Any])
_WORKERS = 32


def options(function: _Function) -> _Function:
    """Those that say whom to ask over ssh, and how."""
    for option in reversed(
        (
            click.option(
                "--hosts", metavar="FILE|-", default="", help="Ask the hosts in it over ssh."
            ),
            click.option(
                "--command",
                metavar="WORDS",
                default="conda-preflight",
                show_default=True,
                help="With --hosts: what runs conda-preflight there.",
            ),
            click.option(
                "--ssh-config", metavar="FILE", default="", help="With --hosts: as ssh -F."
            ),
        )
    ):
        function = option(function)
    return function


def asked(request: Request, given: dict[str, Any]) -> Fleet:
    """The fleet of the hosts; a list of files comes from each where there is an environment."""
    from dataclasses import replace

    from conda_preflight.cli.progress import Progress
    from conda_preflight.config import severity
    from conda_preflight.fleet import host_list, ssh_nodes
    from conda_preflight.fleet.outcome import compared, with_own_files

    file = given["hosts"]
    fail_on = severity(given["fail_on"] or "error", "--fail-on")
    name = "standard input" if file == "-" else file
    hosts = host_list.read(_text(file), name)
    way = ssh_nodes.Way(
        _program(given["command"]),
        given["ssh_config"],
        given["node_timeout"],
        given["workers"] or _WORKERS,
    )
    with Progress() as progress:
        listing = replace(request, listing=bool(request.prefix))
        answers = ssh_nodes.ask(hosts, listing, way, progress.tell)
    return with_own_files(compared(name, answers, fail_on=fail_on))


def _program(words: str) -> tuple[str, ...]:
    try:
        found = tuple(shlex.split(words))
    except ValueError as error:
        raise UsageError(f"--command {words!r} cannot be split into words: {error}") from None
    if not found:
        raise UsageError("--command names no program")
    return found


def _text(file: str) -> str:
    """The list, bounded; raises UsageError."""
    from conda_preflight.fleet.host_list import MAX_BYTES

    try:
        if file == "-":
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with Path(file).open("rb") as stream:
                data = stream.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise UsageError(f"{file} is too large for a list of hosts")
        return data.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
        raise UsageError(f"{file} cannot be read: {why}", "It lists one host per line.") from None
