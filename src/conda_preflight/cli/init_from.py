"""``conda-preflight init --from``: the environment that is there already, in a few lines."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from conda_preflight.actions.adopt import Taken, take
from conda_preflight.adopting import naming, written
from conda_preflight.adopting.choice import Choice, choose
from conda_preflight.adopting.selected import selected
from conda_preflight.answers import init_text
from conda_preflight.errors import UsageError
from conda_preflight.facts.tasks import TASKS
from conda_preflight.output import say
from conda_preflight.scaffolding import answers
from conda_preflight.scaffolding.files import Adoption, adopted, section_of
from conda_preflight.writers.wording import number

DEFAULT_PLATFORM = "linux-64"
_SHOWN = 20


def adopt(  # noqa: PLR0917  (as they were given)
    source: Path,
    where: Path,
    project: str,
    words: tuple[str, str],
    task: str,
    hardware: str,
    python: str,
    *,
    explain: bool,
) -> tuple[dict[str, str], str, Adoption]:
    """The files, the section of a README, and what they are made from."""
    if task and task not in TASKS:
        raise UsageError(f"There is no task {task[:40]!r}", f"There are {', '.join(TASKS)}.")
    if task and not hardware:
        raise UsageError("--hardware is missing", "The Dockerfile of a task needs it.")
    machine = answers.machine(hardware) if hardware else None
    taken = take(source, where)
    folder = source if source.is_dir() and not (source / "conda-meta").is_dir() else where
    word = answers.project_word(project or _name(folder))
    stage, purpose = answers.two_words(*words, task)
    named = naming.name_of(taken.found.name, word, stage if any(words) else "", purpose)
    platforms = (machine.platform,) if machine else taken.found.platforms or (DEFAULT_PLATFORM,)
    taken = replace(taken, found=selected(taken.found, platforms))
    choices = choose(taken.found, taken.imported)
    made = written.write(taken.found, choices, named, platforms, taken.new, python)
    kept = naming.told(taken.found.name, named, word) if project else ()
    _tell(taken, choices, (*kept, *made.told), explain=explain)
    adoption = Adoption(
        project=word,
        environment=named,
        manifest=made.text,
        purpose=purpose or naming.purpose_of(named),
        platforms=platforms,
        machine=machine,
        task=TASKS[task] if task else None,
    )
    return adopted(adoption, datetime.now(UTC).date()), section_of(adoption), adoption


def _name(folder: Path) -> str:
    return folder.absolute().name or "project"


def _tell(taken: Taken, choices: Sequence[Choice], told: Sequence[str], *, explain: bool) -> None:
    """On stderr: what was kept and why, and what was changed on the way."""
    if explain:
        for row in init_text.table(written.table(choices)):
            sys.stderr.write(f"{row}\n")
    kept = sum(choice.kept for choice in choices)
    more = "" if explain else "; --explain says why"
    say(f"{number(len(choices), 'package')}: {kept} kept, {len(choices) - kept} left out{more}")
    for line in taken.new:
        place = taken.imported[line.key]
        say(f"{line.name} was added, since {place} imports it; write the version that was tried")
    if len(taken.unread) > _SHOWN:
        say(f"{len(taken.unread)} files could not be read, of which the first are:")
    for sentence in (*taken.unread[:_SHOWN], *taken.found.told, *told):
        say(sentence)
