"""``conda-preflight init``: the files of a new project, or of one that is there already."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from conda_preflight.errors import UsageError
from conda_preflight.facts.tasks import TASKS
from conda_preflight.grammar.environment_name import PURPOSES, STAGES
from conda_preflight.scaffolding import answers
from conda_preflight.scaffolding.answers import Answers


@click.command()
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path())
@click.option("--project", metavar="NAME", default="", help="Default: the folder's name.")
@click.option("--stage", metavar="WORD", default="", help=f"{', '.join(STAGES)}.")
@click.option("--purpose", metavar="WORD", default="", help=f"{', '.join(PURPOSES)}.")
@click.option("--task", metavar="NAME", default="", help=f"{', '.join(TASKS)}.")
@click.option("--hardware", metavar="NAME", default="", help="A GPU by its name, cpu, apple.")
@click.option("--python", metavar="3.X", default="", help="Default: what the stack is tried with.")
@click.option("--dry-run", is_flag=True, help="Only say what would be written.")
@click.option("--diff", "show_diff", is_flag=True, help="Only show it, as a unified diff.")
@click.option("--force", is_flag=True, help="Replace what is there; of a README its section.")
def command(  # noqa: PLR0917  (click passes them by name)
    folder: str,
    project: str,
    stage: str,
    purpose: str,
    task: str,
    hardware: str,
    python: str,
    dry_run: bool,  # noqa: FBT001
    show_diff: bool,  # noqa: FBT001
    force: bool,  # noqa: FBT001
) -> None:
    """Write the files of a project into DIR: what it needs, where it runs, how it is checked.

    Manifest, settings of this program and of conda, Dockerfile, smoke test, workflows and a
    section of the README. The environment is called PROJECT_STAGE_PURPOSE, as in
    chatbot_infer_prod; the two words may be given to either option. What is left out is asked
    for on a terminal. Nothing that is there is replaced without --force. Exit code 0 written
    or nothing to do, 2 wrong use.
    """
    where = Path(folder)
    given = _answers(where, project, (stage, purpose), task, hardware, python)
    _write_new(where, given, dry_run=dry_run, show_diff=show_diff, force=force)


def _answers(  # noqa: PLR0917  (as they were given)
    where: Path, project: str, words: tuple[str, str], task: str, hardware: str, python: str
) -> Answers:
    """What was said, and what is asked for on a terminal."""
    name = project or _asked("Project", "--project", where.absolute().name)
    chosen = task or _asked("Task", "--task", "", tuple(TASKS))
    if chosen not in TASKS:
        raise UsageError(f"There is no task {chosen[:40]!r}", f"There are {', '.join(TASKS)}.")
    stage, purpose = answers.two_words(*words, chosen)
    if not purpose:
        purpose = _asked("Purpose", "--purpose", "", PURPOSES)
    stage, purpose = answers.two_words(stage, purpose, chosen)
    machine = answers.machine(hardware or _asked("Hardware", "--hardware", ""))
    return Answers(
        answers.project_word(name),
        stage,
        purpose,
        TASKS[chosen],
        machine,
        answers.python_version(python) if python else "",
    )


def _asked(what: str, flag: str, default: str, choices: tuple[str, ...] = ()) -> str:
    """An answer from the terminal, else the default; raises UsageError where there is neither."""
    if sys.stdin.isatty():
        kind = click.Choice(choices) if choices else None
        return str(click.prompt(what, default=default or None, type=kind, err=True))
    if default:
        return default
    known = f" There are {', '.join(choices)}." if choices else ""
    raise UsageError(f"{flag} is missing", f"Give it, since there is no terminal to ask.{known}")


def _write_new(where: Path, given: Answers, *, dry_run: bool, show_diff: bool, force: bool) -> None:
    from conda_preflight.actions import init
    from conda_preflight.answers import init_text
    from conda_preflight.scaffolding import readme
    from conda_preflight.scaffolding.files import files

    texts = files(given, datetime.now(UTC).date())
    planned = init.plan(where, texts, readme.section(given), force=force)
    if show_diff:
        sys.stdout.writelines(f"{row}\n" for row in init.diff(planned))
        return
    if not dry_run:
        init.write(where, planned)
    click.echo(f"{given.environment}{' (nothing was written)' if dry_run else ''}")
    for line in init_text.files({each.name: each.state for each in planned}):
        click.echo(line)
    for line in init_text.kept([each.name for each in planned if each.state == init.KEPT]):
        click.echo(line)
    machine = given.machine
    steps = init_text.next_steps(
        str(where), has_image=machine.has_image, task=given.task.name, platform=machine.platform
    )
    for line in steps:
        click.echo(line)
