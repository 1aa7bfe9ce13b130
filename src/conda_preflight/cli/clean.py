"""``conda-preflight clean``: what caches and stale environments hold, then frees it."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from conda_preflight.cleaning.found import KINDS, TRASHED
from conda_preflight.cli.repeated import repeated
from conda_preflight.config import settings
from conda_preflight.errors import UsageError
from conda_preflight.housekeeping_setting import seconds

if TYPE_CHECKING:
    from conda_preflight.cleaning.places import Places
    from conda_preflight.cleaning.plan import Plan

_YES = click.option("--yes", is_flag=True, help="Do it; without it nothing is changed.")
_ROOT = repeated(
    "--root", "roots", metavar="DIR", help="Look in this installation or home, not in the usual."
)
_PROJECTS = repeated(
    "--projects", metavar="DIR", help="Look for environments in projects below too."
)
_UNDO_FOR = click.option(
    "--undo-for", metavar="TIME", default="", help="How long the trash is kept; default 30 days."
)
_FORM = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
_COLOUR = click.option("--color/--no-color", "colour", default=None, help="Default: on a terminal.")
_KIND = click.Choice([kind for kind in KINDS if kind != TRASHED])


@click.group(invoke_without_command=True)
@_YES
@_ROOT
@_PROJECTS
@repeated("--only", type=_KIND, help="Only this kind.")
@repeated("--keep", metavar="GLOB", help="Also stays, by name or path.")
@click.option(
    "--stale-after", metavar="TIME", default="", help="An environment's; default 90 days."
)
@click.option("--linked", is_flag=True, help="Packages too whose files environments share.")
@click.option("--huggingface", is_flag=True, help="Also models of Hugging Face, by revision.")
@_UNDO_FOR
@click.option("--undo", is_flag=False, flag_value="latest", metavar="RUN", help="Take a run back.")
@click.option("--empty-trash", "emptied", is_flag=True, help="Free what could be taken back.")
@_FORM
@_COLOUR
@click.option("-v", "--verbose", is_flag=True, help="Show everything, also what stays.")
def command(undo: str | None, emptied: bool, **given: Any) -> None:  # noqa: ANN401, FBT001
    """Show what caches and stale environments hold, and free it with --yes.

    Caches are deleted, environments go to a trash from where --undo brings them back. Exit code
    0: shown or done; 1: some of it could not be done, with the reason; 2: wrong use.
    """
    context = click.get_current_context()
    if context.invoked_subcommand:
        return
    if undo is not None:
        context.exit(_undo("" if undo == "latest" else undo, given))
    if emptied:
        context.exit(_empty(given))
    context.exit(_clean(given, ()))


@command.command()
@click.argument("names", metavar="NAME|PREFIX...", nargs=-1, required=True)
@_YES
@_ROOT
@_PROJECTS
@_UNDO_FOR
@_FORM
@_COLOUR
@click.option("-v", "--verbose", is_flag=True, help="Show everything, also what stays.")
def env(names: tuple[str, ...], **given: Any) -> None:  # noqa: ANN401
    """Move environments to the trash, by name or prefix.

    What a process uses, what another environment needs by links, what `keep` in the settings
    names and the root of an installation stay.
    """
    click.get_current_context().exit(_clean(given, names))


def _clean(given: dict[str, Any], names: tuple[str, ...]) -> int:
    from conda_preflight.actions import clean_look
    from conda_preflight.cli.progress import Progress

    read = settings(Path.cwd()).housekeeping
    stale_after = seconds(given.get("stale_after") or read.stale_after)
    keep_for = seconds(given["undo_for"] or read.undo_for)
    places = _places(given, names)
    policy = clean_look.policy(
        stale_after,
        (*read.keep, *given.get("keep", ())),
        named=clean_look.named(places, names),
        only=given.get("only", ()),
        linked=given.get("linked", False),
        home="" if given["roots"] else os.path.realpath(Path.home()),
    )
    with Progress() as progress:
        plan = clean_look.look(
            places, policy, progress.tell, huggingface=given.get("huggingface", False)
        )
    if not given["yes"]:
        _show(plan, given, is_named=bool(names))
        return 1 if _refused(plan, policy.named) else 0
    return _apply(plan, given, keep_for, policy.named)


def _places(given: dict[str, Any], names: tuple[str, ...]) -> Places:
    from conda_preflight.actions import clean_places

    alone = [".", *(name for name in names if os.sep in name)]
    for folder in (*given["roots"], *given["projects"]):
        if not Path(folder).is_dir():
            raise UsageError(f"{folder} is no folder")
    if not given["roots"]:
        return clean_places.usual(os.environ, given["projects"], alone)
    named = given["projects"]
    return clean_places.merged([clean_places.below(Path(r), named) for r in given["roots"]])


def _apply(plan: Plan, given: dict[str, Any], keep_for: float, named: frozenset[str]) -> int:
    from conda_preflight.actions import clean_apply, clean_look
    from conda_preflight.answers import clean_json, clean_text
    from conda_preflight.cli.progress import Progress
    from conda_preflight.output import ink

    now = time.time()
    with Progress() as progress:
        found = clean_apply.apply(plan, clean_look.journals(), now, keep_for, progress.tell)
    left = (*found.left, *_refused(plan, named))
    if given["form"] == "json":
        sys.stdout.write(clean_json.done(found.freed, found.trashed, found.name, left))
    else:
        pen = ink(colour=given["colour"])
        told = clean_text.done(found.freed, found.trashed, found.name, now + keep_for, pen)
        sys.stdout.write(told)
    return _tell(left)


def _refused(plan: Plan, named: frozenset[str]) -> list[str]:
    """Environments that were named and stay all the same."""
    return [
        f"{each.found.path} stays: {each.reason}"
        for each in plan.of("keep")
        if each.found.path in named
    ]


def _show(plan: Plan, given: dict[str, Any], *, is_named: bool) -> None:
    from conda_preflight.answers import clean_json, clean_text
    from conda_preflight.output import ink

    if given["form"] == "json":
        sys.stdout.write(clean_json.plan(plan))
        return
    pen = ink(colour=given["colour"])
    sys.stdout.write(clean_text.plan(plan, pen, verbose=given["verbose"], is_named=is_named))


def _undo(name: str, given: dict[str, Any]) -> int:
    from conda_preflight.actions import clean_look, clean_trash
    from conda_preflight.answers import clean_json, clean_text
    from conda_preflight.output import ink

    left: list[str] = []
    moves = clean_trash.undo(clean_look.journals(), name, left)
    if given["form"] == "json":
        sys.stdout.write(clean_json.restored(moves, left))
    else:
        sys.stdout.write(clean_text.restored(moves, ink(colour=given["colour"])))
    return _tell(left)


def _empty(given: dict[str, Any]) -> int:
    from conda_preflight.actions import clean_look, clean_trash
    from conda_preflight.answers import clean_json, clean_text
    from conda_preflight.output import ink

    journals, left = clean_look.journals(), list[str]()
    pen, is_json = ink(colour=given["colour"]), given["form"] == "json"
    if not given["yes"]:
        runs = journals.all()
        sys.stdout.write(clean_json.trash(runs) if is_json else clean_text.trash(runs, pen))
        return 0
    freed = clean_trash.empty(journals, time.time(), left)
    text = (
        clean_json.done(freed, (), "", left) if is_json else clean_text.done(freed, (), "", 0, pen)
    )
    sys.stdout.write(text)
    return _tell(left)


def _tell(left: list[str] | tuple[str, ...]) -> int:
    from conda_preflight.output import say

    for sentence in left:
        say(sentence)
    return 1 if left else 0
