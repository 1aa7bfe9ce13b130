"""``conda-preflight unfreeze``: a prefix as it was before it was frozen."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from conda_preflight.cli.recording import named, recorded, remember
from conda_preflight.cli.subject_options import prefix_of
from conda_preflight.config import settings
from conda_preflight.language import say as spoken


@click.command()
@click.argument("prefix", type=click.Path())
@recorded
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
    from conda_preflight.writers.wording import listed, number, several

    where = Path(prefix_of(prefix))
    with Progress() as progress:
        done = unfreeze(where, progress.tell)
    for path in done.altered:
        text = "{path} had been changed since the freeze; it is as it was before that"
        say(spoken(text, path=path))
    if done.changed:
        what = listed([number(len(done.changed), "path"), several(done.changed[:3])])
        say(spoken("Changed since the freeze, and left so: {what}", what=what))
    template = "{prefix} is as it was before it was frozen."
    if done.changed:
        template = "{prefix} is not frozen any more."
    if not done.was_frozen:
        template = "{prefix} is not frozen."
    sys.stdout.write(visible(spoken(template, prefix=where)) + "\n")
    from conda_preflight.actions.recording_of_freezes import of_unfreeze

    remember(named(given), settings(where), lambda: of_unfreeze(where, done))
