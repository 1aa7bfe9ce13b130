"""The reference of commands, from the command line itself."""

from __future__ import annotations

from collections.abc import Iterator

import click

from conda_preflight.cli import COMMANDS
from conda_preflight.cli import main as program
from docs.markup import cell, code, inline, table


def commands() -> str:
    """A section per command with its options."""
    context = click.Context(program, info_name="conda-preflight", **program.context_settings)
    return "\n".join(line for name in COMMANDS for line in _command(name, program, context))


def _command(name: str, group: click.Group, parent: click.Context) -> Iterator[str]:
    """The section of a command, and after it those of the commands that it groups."""
    command = group.get_command(parent, name)
    if command is None:  # a group names what it can get
        raise ValueError(name)
    context = click.Context(command, info_name=name, parent=parent)
    path = context.command_path.removeprefix("conda-preflight ")
    usage = " ".join(command.collect_usage_pieces(context))
    yield f"\n## {path}\n\n```text\nconda-preflight {path} {usage}\n```\n"
    for paragraph in (command.help or "").split("\n\n"):
        yield inline(" ".join(paragraph.split())) + "\n"
    options = [param for param in command.get_params(context) if isinstance(param, click.Option)]
    rows = [row for option in options if (row := option.get_help_record(context))]
    yield table(("Option", "Effect"), ((code(left), cell(right)) for left, right in rows)) + "\n"
    if isinstance(command, click.Group):
        for each in command.commands:
            yield from _command(each, command, context)
