"""``conda-preflight docs``: keeps the section about the environment in a README true."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from conda_preflight.config import Settings, settings
from conda_preflight.errors import UsageError
from conda_preflight.output import say

if TYPE_CHECKING:
    from conda_preflight.actions.docs import Draft


@click.command()
@click.argument("path", default=".", type=click.Path())
@click.option("--lock", metavar="FILE", default="", help="Which lock, where there are several.")
@click.option("--manifest", metavar="FILE", default="", help="Which manifest.")
@click.option("--file", metavar="FILE", default="", help="The page in PATH; default: its README.")
@click.option("--check", is_flag=True, help="Is the section true? Tell what is not, write nothing.")
@click.option("--diff", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--dry-run", is_flag=True, help="Show the section, and write nothing.")
@click.option("-q", "--quiet", is_flag=True, help="Only what is wrong.")
def command(  # noqa: PLR0917  (click passes them by name)
    path: str,
    lock: str,
    manifest: str,
    file: str,
    check: bool,  # noqa: FBT001
    diff: bool,  # noqa: FBT001
    dry_run: bool,  # noqa: FBT001
    quiet: bool,  # noqa: FBT001
) -> None:
    """Write the section about the environment in the README of PATH, a project directory.

    It stands between two marks, and nothing else of the file is touched. Exit code 0: written, or
    in step; 1: --check found it out of date; 2: it cannot be told or written.
    """
    from conda_preflight.actions import docs

    if check + diff + dry_run > 1:
        raise UsageError("--check, --diff and --dry-run exclude each other")
    root = Path(path)
    chosen = _with_file(settings(root, {"lock": lock, "manifest": manifest}), file)
    today = datetime.now().astimezone().date()
    made = docs.draft(root, chosen, today)
    if check:
        click.get_current_context().exit(_checked(made, today, quiet=quiet))
    if diff or dry_run:
        sys.stdout.write(docs.diff(made) if diff else "\n".join([*made.lines, ""]))
        return
    for sentence in docs.written(made):
        if not quiet:
            say(sentence)


def _with_file(chosen: Settings, file: str) -> Settings:
    return replace(chosen, docs=replace(chosen.docs, file=file)) if file else chosen


def _checked(made: Draft, today: date, *, quiet: bool) -> int:
    from conda_preflight.actions import docs
    from conda_preflight.writers.escaping import visible

    found = [*docs.faults(made, today)]
    for line in found:
        sys.stdout.write(visible(line) + "\n")
    if not found and not quiet:
        say(f"{made.page.name} is in step")
    if found:
        say("Write it anew: conda-preflight docs")
    return 1 if found else 0
