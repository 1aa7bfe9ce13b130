"""``conda-preflight image dockerfile``: writes a Dockerfile for a lock."""

from __future__ import annotations

from pathlib import Path

import click

from conda_preflight.cli.repeated import repeated
from conda_preflight.config import Settings
from conda_preflight.facts.tasks import TASKS
from conda_preflight.imaging.dockerfile import BASE, BUILDER
from conda_preflight.output import say


@click.command()
@click.argument("path", default=".", type=click.Path())
@click.option("--task", type=click.Choice(list(TASKS)), default="job", help="What it is for.")
@click.option("--lock", metavar="FILE", default="", help="Which lock, where there are several.")
@click.option("--platform", metavar="NAME", default="linux-64", help="Default: linux-64.")
@click.option("--environment", metavar="NAME", default="", help="Of a lock that has several.")
@click.option("--base", metavar="IMAGE@sha256:...", default=BASE, help=f"Default: {BASE}.")
@click.option("--builder", metavar="IMAGE@sha256:...", default=BUILDER, help="Has micromamba.")
@click.option("--prefix", metavar="DIR", default="/opt/env", help="Where in the image.")
@click.option("--user", metavar="NUMBER", type=click.IntRange(1, 2**31), default=65532)
@repeated("--command", "words", metavar="WORD", help="What to start, word by word.")
@click.option("--output", metavar="DIR", default="", help="Default: the folder of the lock.")
@click.option("--force", is_flag=True, help="Replace a Dockerfile that stands there.")
def command(  # noqa: PLR0917  (click passes them by name)
    path: str,
    task: str,
    lock: str,
    platform: str,
    environment: str,
    base: str,
    builder: str,
    prefix: str,
    user: int,
    words: tuple[str, ...],
    output: str,
    force: bool,  # noqa: FBT001
) -> None:
    """Write a Dockerfile of two stages from the lock of PATH, and the files that it copies.

    The environment is made with every digest compared and lies in a layer for each tier; what
    runs has no conda, no root and no shell before it. Exit code 0 written, 2 could not.
    """
    from conda_preflight.actions.chosen_lock import choose
    from conda_preflight.actions.image_dockerfile import Wishes, write_dockerfile

    chosen = choose(Path(path), Settings(lock=lock), platform, environment)
    wishes = Wishes(TASKS[task], base, builder, prefix, str(user), words)
    folder = Path(output) if output else chosen.folder
    for sentence in write_dockerfile(chosen, wishes, folder, replace=force):
        say(sentence)
