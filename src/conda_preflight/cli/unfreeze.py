"""``conda-preflight unfreeze``: a prefix as it was before it was frozen."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from conda_preflight.cli.recording import named, recorded, remember
from conda_preflight.cli.subject_options import prefix_of
from conda_preflight.config import settings
from conda_preflight.language import ENGLISH, speaking


@click.command()
@click.argument("prefix", type=click.Path())
@recorded
@speaking(ENGLISH)
def command(prefix: str, **given: Any) -> None:  # noqa: ANN401
    """Make the environment PREFIX (a directory, or auto) what it was before it was frozen.

    Files, modes and times come back from the record that `freeze` wrote, also where a freeze
    or an unfreeze was ended in the middle. Exit code 0: it is not frozen now; 2: it cannot be
    told how it was.
    """
    from conda_preflight.actions.unfreeze import unfreeze
    from conda_preflight.cli.progress import Progress
    from conda_preflight.output import say
    from conda_preflight.writers.escaping import visible
    from conda_preflight.writers.wording import number

    where = Path(prefix_of(prefix))
    with Progress() as progress:
        done = unfreeze(where, progress.tell)
    for path in done.altered:
        say(f"{path} had been changed since the freeze; it is as it was before that")
    if done.changed:
        few = ", ".join(done.changed[:3])
        many = number(len(done.changed), "path")
        say(f"Changed since the freeze, and left so: {many}, {few}")
    was = "is not frozen any more" if done.changed else "is as it was before it was frozen"
    state = was if done.was_frozen else "is not frozen"
    sys.stdout.write(visible(f"{where} {state}") + ".\n")
    from conda_preflight.actions.recording_of_freezes import of_unfreeze

    remember(named(given), settings(where), lambda: of_unfreeze(where, done))
