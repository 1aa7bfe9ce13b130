"""``conda-preflight image plan``: the layers of an image, from a lock alone."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from conda_preflight.cli.spoken import told
from conda_preflight.cli.subject_options import PICTURES, prefix_of, selecting_drawn
from conda_preflight.errors import UsageError
from conda_preflight.imaging.known_sizes import caches, known_sizes
from conda_preflight.imaging.plan import Plan, plan
from conda_preflight.output import ink, say
from conda_preflight.selection import Choice, Subject
from conda_preflight.subject import open_subject

_MB = 1_000_000


@click.command()
@click.argument("path", default=".", type=click.Path())
@click.option("--prefix", metavar="DIR|auto", default="", help="Of an installed environment.")
@click.option(
    "--budget", type=click.IntRange(min=1), metavar="MB", help="Exit code 1 where it is larger."
)
@selecting_drawn
def command(
    path: str,
    prefix: str,
    budget: int | None,
    form: str,
    colour: bool | None,  # noqa: FBT001
    **given: Any,  # noqa: ANN401
) -> None:
    """Show which packages of PATH share a layer, by tier, size and how often they change.

    PATH is a project, a lock or a prefix. Sizes are those of the downloads, as the lock or the
    package caches of this machine tell them. Exit code 0; 1 where it is larger than the
    budget; 2 for wrong use.
    """
    subject = open_subject(prefix_of(prefix) if prefix else path, Choice(**given))
    for note in subject.notes:
        say(told(note))
    if not subject.installations:
        raise UsageError(f"{subject.name} has no lock", "Make one: conda-preflight lock.")
    plans = _plans(subject)
    sys.stdout.write(_written(plans, subject.lock, form, colour))
    click.get_current_context().exit(_code(plans, budget))


def _plans(subject: Subject) -> list[Plan]:
    folders = [*caches(os.environ, Path.home())]
    return [plan(one, known_sizes(one.packages, folders)) for one in subject.installations]


def _code(plans: list[Plan], budget: int | None) -> int:
    """1 where one is larger than the budget, 2 where too little is known of its size."""
    over = [each for each in plans if budget and each.size > budget * _MB]
    for each in over:
        say(told(f"{each.place or 'The image'} is larger than the budget of {budget} MB"))
    unsure = [each for each in plans if budget and each.unknown and each not in over]
    for each in unsure:
        what = "has packages of unknown size: nobody can say if it fits"
        say(told(f"{each.place or 'The image'} {what}"))
    return 1 if over else 2 if unsure else 0


def _written(plans: list[Plan], name: str, form: str, colour: bool | None) -> str:  # noqa: FBT001
    if form == "text":
        from conda_preflight.answers import plan_text

        return plan_text.write(plans, name, ink(colour=colour))
    if form in PICTURES:
        from conda_preflight.answers import drawn

        return drawn.plan(plans, name, form)
    writer = import_module(f"conda_preflight.answers.plan_{form}")
    text: str = writer.write(plans, name)
    return text
