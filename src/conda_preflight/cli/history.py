"""``conda-preflight history``: what the ledger knows, or what git knows, of a project."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from conda_preflight.cli.subject_options import FORMATS, PICTURES
from conda_preflight.errors import UsageError

if TYPE_CHECKING:
    from conda_preflight.cli.history_answers import Saying
    from conda_preflight.ledger.book import Ledger

_SHOW = "show"
_PAIR = 2
_MANY = 100_000
_NAMED = 5
_QUESTIONS = ("finding", "package", "git", "verify", "projects")


@click.command()
@click.argument("words", nargs=-1, metavar="[PROJECT|PATH | RECORD RECORD]")
@click.option("--finding", metavar="FINGERPRINT|RULE", default="", help="When it came and went.")
@click.option("--package", metavar="NAME", default="", help="What brought, changed, removed it.")
@click.option("--git", is_flag=True, help="From the commits of git, without a ledger.")
@click.option("--projects", is_flag=True, help="Every project that has a record.")
@click.option("--verify", is_flag=True, help="Read everything again: is it what was written?")
@click.option(
    "--head",
    is_flag=False,
    flag_value=_SHOW,
    default="",
    metavar="[DIGEST]",
    help="Show the digest of the last record; with --verify, one that must be there.",
)
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="So many rows."
)
@click.option("--before", type=click.IntRange(1), help="Records before the one of this number.")
@click.option("--ledger", metavar="URL", default="", help="Which ledger.")
@click.option("--format", "form", type=click.Choice((*FORMATS, *PICTURES)), default="text")
@click.option("--color/--no-color", "colour", default=None, help="Default: on a terminal.")
def command(
    *,
    words: tuple[str, ...],
    limit: int,
    ledger: str,
    form: str,
    colour: bool | None,
    **asked: Any,  # noqa: ANN401
) -> None:
    """Show the past of a project: audits and what changed between them, the newest first.

    Without a word it is the project here; two records, by number or digest, are compared. Exit
    code 0; 1 when --verify finds a fault; 2 for wrong use.
    """
    _refuse_several(asked, form)
    if words[:1] == ("diff",) and len(words) == _PAIR + 1:
        words = words[1:]
    if asked["git"]:
        from conda_preflight.cli.history_git import show

        show(Path(_one(words)), limit=limit, form=form, colour=colour)
        return
    from conda_preflight.cli.history_answers import Saying

    with _opened(words, ledger) as book:
        text, code = _answer(book, words, asked, Saying(form, colour, limit))
    sys.stdout.write(text)
    click.get_current_context().exit(code)


def _refuse_several(asked: dict[str, Any], form: str) -> None:
    given = [f"--{name}" for name in _QUESTIONS if asked[name]]
    if given and form in PICTURES:
        raise UsageError(f"{given[0]} has no picture", "The audits of a project have one.")
    if len(given) > 1:
        raise UsageError(f"{' and '.join(given)} are different questions", "Ask one of them.")


def _one(words: tuple[str, ...]) -> str:
    if len(words) > 1:
        raise UsageError("One project is asked about at a time")
    return words[0] if words else "."


def _opened(words: tuple[str, ...], given: str) -> Ledger:
    """The ledger that is meant, by the settings of the project where a path is named."""
    from conda_preflight.cli.recording import ledger_url
    from conda_preflight.config import settings
    from conda_preflight.ledger.book import open_ledger
    from conda_preflight.ledger.place import OFF

    path = Path(words[0]) if len(words) == 1 and Path(words[0]).exists() else Path()
    url = ledger_url(given, settings(path if path.is_dir() else path.parent))
    if url == OFF:
        raise UsageError("No ledger is kept here: it is off", "Name one: --ledger URL.")
    return open_ledger(url, make=False)


def _answer(
    book: Ledger, words: tuple[str, ...], asked: dict[str, Any], said: Saying
) -> tuple[str, int]:
    """The text, and the exit code."""
    from conda_preflight.cli import history_answers as answers

    head = asked["head"]
    if asked["verify"]:
        found = book.verify("" if head == _SHOW else head)
        return answers.verified(book, found, said), int(bool(found.faults))
    if head == _SHOW:
        return f"{book.head()}\n", 0
    if head:
        raise UsageError("--head DIGEST is compared by --verify", "Add --verify.")
    if asked["projects"]:
        return answers.projects(book, said), 0
    if len(words) == _PAIR:
        return answers.changed(book, words[0], words[1], said), 0
    return _of_project(book, _one(words), asked, said), 0


def _of_project(book: Ledger, text: str, asked: dict[str, Any], said: Saying) -> str:
    from conda_preflight.cli import history_answers as answers

    project, subject = _project(book, text)
    if asked["finding"]:
        return answers.spells(book, project, asked["finding"], said)
    if asked["package"]:
        return answers.package(book, project, asked["package"], Path(text), said)
    return answers.timeline(book, project, subject, asked["before"], said)


def _project(book: Ledger, text: str) -> tuple[str, str | None]:
    """The project of a path, or the one of that name in the ledger; and the file, if it is one."""
    from conda_preflight.identity import identity

    path = Path(text)
    if path.exists():
        known = identity(path if path.is_dir() else path.parent)
        return known.project, None if path.is_dir() else path.name
    found = {k.project for k in book.projects(limit=_MANY) if text in (k.project, k.name)}
    if len(found) == 1:
        return found.pop(), None
    if found:
        names = ", ".join(sorted(found)[:_NAMED])
        raise UsageError(f"Several projects are called {text}: {names}", "Name one in full.")
    hint = "Name a path, or a project that `history --projects` shows."
    raise UsageError(f"{text} is neither a path here nor a project in {book.name}", hint)
