"""The manual page for ``man``, from the command line itself."""

from __future__ import annotations

from collections.abc import Iterator

import click

from conda_preflight import __version__
from conda_preflight.cli import COMMANDS
from conda_preflight.cli import main as program

_ENVIRONMENT = {
    "CONDA_PREFLIGHT_DB": "The advisory database that is asked, where --db names none.",
    "CONDA_PREFLIGHT_CACHE": "Where downloads are kept; ~/.cache/conda-preflight otherwise.",
    "CONDA_PREFLIGHT_STATE": "Where the ledger is; ~/.local/state/conda-preflight otherwise.",
    "CONDA_PREFIX": "The environment that --prefix auto means.",
    "CONDA_PREFLIGHT_LANG": "en or zh: what people read; else a Chinese locale gets Chinese.",
    "NO_COLOR, FORCE_COLOR": "No colour, or colour where there is no terminal.",
}
_CODES = {
    "0": "GO, or done.",
    "1": "NO-GO.",
    "2": "UNKNOWN: nothing could be judged; or wrong use.",
}


def manual() -> str:
    """``conda-preflight.1`` in the macros of man(7); the version stands for the date."""
    context = click.Context(program, info_name="conda-preflight", **program.context_settings)
    return "\n".join([*_head(), *_commands(context), *_tail()]) + "\n"


def _head() -> Iterator[str]:
    yield f'.TH CONDA-PREFLIGHT 1 "" "conda-preflight {__version__}" "User Commands"'
    yield from (".nh", ".ad l")  # a name is not broken, nor a line spread
    yield from (".SH NAME", rf"conda\-preflight \- {_text(_first(program))}")
    yield from (".SH SYNOPSIS", r".B conda\-preflight", r".I COMMAND", "[OPTIONS] [ARGS]...")
    yield from (".SH DESCRIPTION", _text("Reads a project and says GO or NO-GO, with file, line,"))
    yield _text("cause and fix. `conda preflight` is the same where conda is installed.")


def _commands(context: click.Context) -> Iterator[str]:
    yield ".SH COMMANDS"
    for name in COMMANDS:
        yield from _command(name, program, context)


def _command(name: str, group: click.Group, parent: click.Context) -> Iterator[str]:
    """A command with its options, and after it those that it groups."""
    command = group.get_command(parent, name)
    if command is None:  # a group names what it can get
        raise ValueError(name)
    context = click.Context(command, info_name=name, parent=parent)
    usage = " ".join((context.command_path, *command.collect_usage_pieces(context)))
    yield from (f".SS {_text(usage.removeprefix('conda-preflight '))}",)
    for paragraph in (command.help or "").split("\n\n"):
        yield from (".PP", _text(" ".join(paragraph.split())))
    options = [param for param in command.get_params(context) if isinstance(param, click.Option)]
    for left, right in (row for option in options if (row := option.get_help_record(context))):
        if left != "-h, --help":
            yield from _item(left, right)
    if isinstance(command, click.Group):
        for each in command.list_commands(context):
            yield from _command(each, command, context)


def _tail() -> Iterator[str]:
    for title, rows in (("EXIT STATUS", _CODES), ("ENVIRONMENT", _ENVIRONMENT)):
        yield f".SH {title}"
        for left, right in rows.items():
            yield from _item(left, right)
    yield from (".SH FILES", ".TP", r"\fIpreflight.toml\fR, \fIpyproject.toml\fR")
    yield _text("Settings, searched upward from the project.")
    yield from (".SH SEE ALSO", r"\fBconda\-preflight explain\fR shows the page of each rule.")


def _item(left: str, right: str) -> Iterator[str]:
    yield from (".TP", rf"\fB{_text(left)}\fR", _text(right))


def _first(command: click.Command) -> str:
    return (command.help or "").split("\n\n")[0].strip().rstrip(".")


def _text(text: str) -> str:
    """Text that no macro and no escape begins in, with hyphens that can be copied."""
    plain = text.replace("\\", r"\e").replace("-", r"\-").replace("`", r"\(ga")
    return rf"\&{plain}" if plain.startswith((".", "'")) else plain
