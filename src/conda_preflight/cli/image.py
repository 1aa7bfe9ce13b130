"""``conda-preflight image``: a layered image from a lock."""

from __future__ import annotations

from importlib import import_module

import click

from conda_preflight.cli.spoken import with_language

COMMANDS = {
    "build": "Build an image from a lock, without a daemon, the same bytes each time.",
    "dockerfile": "Write a Dockerfile of two stages from a lock, by task.",
    "plan": "Show the layers of an image, what is in it for nothing, what a change ships.",
}
"""Each command with one line about it; ``image_NAME`` holds ``command``."""


class _Images(click.Group):
    """A group whose commands are imported only when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"conda_preflight.cli.image_{cmd_name}")
        command: click.Command = module.command
        return with_language(command)


@click.group(cls=_Images)
def command() -> None:
    """A layered image from a lock, with or without a Dockerfile, without a daemon."""
