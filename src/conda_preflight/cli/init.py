"""``conda-preflight init``: the files of a new project, or of one that is there already."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from conda_preflight.errors import UsageError
from conda_preflight.facts.tasks import TASKS
from conda_preflight.grammar.environment_name import PURPOSES, STAGES
from conda_preflight.language import word
from conda_preflight.plain import value_type
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
@click.option("--from", "source", metavar="PATH", default="", help="What is there already.")
@click.option("--explain", is_flag=True, help="Say of each package why it is kept or not.")
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
    source: str,
    explain: bool,  # noqa: FBT001
    dry_run: bool,  # noqa: FBT001
    show_diff: bool,  # noqa: FBT001
    force: bool,  # noqa: FBT001
) -> None:
    """Write the files of a project into DIR: what it needs, where it runs, how it is checked.

    Manifest, settings of this program and of conda, Dockerfile, smoke test, workflows and a
    section of the README. The environment is called PROJECT_STAGE_PURPOSE, as in
    chatbot_infer_prod; the two words may be given to either option. What is left out is asked
    for on a terminal. Nothing that is there is replaced without --force.

    With --from the manifest is made of an environment that is there already: a prefix, a whole
    export, requirements.txt, pyproject.toml, or the folder of a project. Kept is what was asked
    for by hand, what the code imports, and what nothing else is known to need. Exit code 0
    written or nothing to do, 2 wrong use.
    """
    where = Path(folder)
    words = (stage, purpose)
    wanted = answers.python_version(python) if python else ""
    if source:
        made = _adopted(Path(source), where, project, words, task, hardware, wanted, explain)
    else:
        made = _new(where, project, words, task, hardware, wanted)
    _write(where, made, dry_run=dry_run, show_diff=show_diff, force=force)


@value_type
class _Made:
    """The files by name, and what is said about them."""

    texts: dict[str, str]
    section: str
    environment: str
    image_of: str
    platform: str
    has_smoke: bool


def _adopted(  # noqa: PLR0917  (as they were given)
    source: Path,
    where: Path,
    project: str,
    words: tuple[str, str],
    task: str,
    hardware: str,
    python: str,
    explain: bool,  # noqa: FBT001
) -> _Made:
    from conda_preflight.cli.init_from import adopt

    texts, section, made = adopt(
        source, where, project, words, task, hardware, python, explain=explain
    )
    image_of = made.task.name if made.task and "Dockerfile" in texts else ""
    return _Made(texts, section, made.environment, image_of, made.platforms[0], has_smoke=False)


def _new(  # noqa: PLR0917  (as they were given)
    where: Path, project: str, words: tuple[str, str], task: str, hardware: str, python: str
) -> _Made:
    from conda_preflight.scaffolding.files import files, section

    given = _answers(where, project, words, task, hardware, python)
    texts = files(given, datetime.now(UTC).date())
    image_of = given.task.name if given.machine.has_image else ""
    platform = given.machine.platform
    return _Made(texts, section(given), given.environment, image_of, platform, has_smoke=True)


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
        python,
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


def _write(where: Path, made: _Made, *, dry_run: bool, show_diff: bool, force: bool) -> None:
    from conda_preflight.actions import init
    from conda_preflight.answers import init_text
    from conda_preflight.git_index import tracked

    planned = init.plan(where, made.texts, made.section, force=force)
    if show_diff:
        sys.stdout.writelines(f"{row}\n" for row in init.diff(planned))
        return
    if not dry_run:
        init.write(where, planned)
    unwritten = word(" (nothing was written)") if dry_run else ""
    click.echo(made.environment + unwritten)
    told = [
        *init_text.files({each.name: each.state for each in planned}),
        *init_text.kept([each.name for each in planned if each.state == init.KEPT]),
        *init_text.next_steps(
            str(where),
            image_of=made.image_of,
            platform=made.platform,
            has_smoke=made.has_smoke,
            in_git=tracked(where) is not None,
        ),
    ]
    for line in told:
        click.echo(line)
