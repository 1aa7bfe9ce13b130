"""``conda-preflight diff``: what changed between two environments of any kind."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from conda_preflight.cli.subject_options import selecting
from conda_preflight.difference import Difference, difference
from conda_preflight.output import ink, say
from conda_preflight.selection import Choice
from conda_preflight.subject import open_subject


@click.command()
@click.argument("old", type=click.Path())
@click.argument("new", type=click.Path())
@click.option("--check", is_flag=True, help="Exit with 1 when anything differs.")
@click.option("-v", "--verbose", is_flag=True, help="Builds of all packages too.")
@selecting
def command(  # noqa: PLR0917  (click passes them by name)
    old: str,
    new: str,
    check: bool,  # noqa: FBT001
    verbose: bool,  # noqa: FBT001
    form: str,
    colour: bool | None,  # noqa: FBT001
    **given: Any,  # noqa: ANN401
) -> None:
    """Show what changed from OLD to NEW: manifests, locks, prefixes, projects, git revisions.

    A revision is REV:path as in git, or REV alone for the path of the other side. Exit code 0,
    with --check 1 when anything differs, 2 for wrong use.
    """
    choice = Choice(**given)
    before, after = open_subject(old, choice, new), open_subject(new, choice, old)
    for note in (*before.notes, *after.notes):
        say(note)
    found = difference(before, after)
    sys.stdout.write(_written(found, form, colour, verbose=verbose))
    click.get_current_context().exit(int(check and not found.empty))


def _written(found: Difference, form: str, colour: bool | None, *, verbose: bool) -> str:  # noqa: FBT001
    if form == "text":
        from conda_preflight.answers import diff_text

        return diff_text.write(found, ink(colour=colour), verbose=verbose)
    writer = import_module(f"conda_preflight.answers.diff_{form}")
    text: str = writer.write(found)
    return text
