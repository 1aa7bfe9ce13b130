"""``conda-preflight why``: the shortest chains of dependencies that bring a package in."""

from __future__ import annotations

import sys
from dataclasses import replace
from importlib import import_module
from typing import Any

import click

from conda_preflight.chains import Answer, why
from conda_preflight.cli.subject_options import PICTURES, prefix_of, selecting_drawn
from conda_preflight.dependency_graph import with_dependencies
from conda_preflight.errors import UsageError
from conda_preflight.installation import declared
from conda_preflight.output import ink, say
from conda_preflight.selection import Choice, Subject, place_of
from conda_preflight.subject import open_subject
from conda_preflight.writers.wording import number

SHOWN = 5
ALL = 500


@click.command()
@click.argument("package")
@click.argument("path", default=".", type=click.Path())
@click.option("--prefix", metavar="DIR|auto", default="", help="Of an installed environment.")
@click.option(
    "--depends-from",
    metavar="FILE|DIR",
    default="",
    help="A lock or a prefix that knows the dependencies which an explicit list lacks.",
)
@click.option("--all", "every", is_flag=True, help=f"Up to {ALL} chains, not {SHOWN}.")
@selecting_drawn
def command(  # noqa: PLR0917  (click passes them by name)
    package: str,
    path: str,
    prefix: str,
    depends_from: str,
    every: bool,  # noqa: FBT001
    form: str,
    colour: bool | None,  # noqa: FBT001
    **given: Any,  # noqa: ANN401
) -> None:
    """Say why PACKAGE is in PATH: a project, a lock, a prefix, or a git revision of them.

    Exit code 0 says that it is there, 1 that it is not, 2 that this cannot be told or wrong use.
    """
    subject = open_subject(prefix_of(prefix) if prefix else path, Choice(**given))
    for note in subject.notes:
        say(note)
    subject = _completed(subject, depends_from)
    answer = _answer(package, subject, ALL if every else SHOWN)
    sys.stdout.write(_written(answer, subject.lock, form, colour))
    click.get_current_context().exit(_code(answer))


def _answer(package: str, subject: Subject, limit: int) -> Answer:
    if subject.installations:
        return why(package, subject.installations, limit)
    installations = [declared(manifest, place_of(manifest)) for manifest in subject.manifests]
    return why(package, installations, limit, declared=True)


def _written(answer: Answer, name: str, form: str, colour: bool | None) -> str:  # noqa: FBT001
    if form == "text":
        from conda_preflight.answers import why_text

        return why_text.write(answer, name, ink(colour=colour))
    if form in PICTURES:
        from conda_preflight.answers import drawn

        return drawn.why(answer, name, form)
    writer = import_module(f"conda_preflight.answers.why_{form}")
    text: str = writer.write(answer, name)
    return text


def _code(answer: Answer) -> int:
    if not answer.explanations:
        return 2 if answer.declared else 1
    return 0 if any(each.reason for each in answer.explanations) else 2


def _completed(subject: Subject, depends_from: str) -> Subject:
    if not depends_from:
        return subject
    others = open_subject(depends_from, Choice()).installations
    if not others:
        raise UsageError(f"{depends_from} is no lock and no prefix", "It has no dependencies.")
    filled = tuple(with_dependencies(one, others) for one in subject.installations)
    for one in filled:
        if one.unlinked:
            packages = number(len(one.packages), "package")
            say(f"{len(one.unlinked)} of {packages} are not in {depends_from}")
    return replace(subject, installations=filled)
