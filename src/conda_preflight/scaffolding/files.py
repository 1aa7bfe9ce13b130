"""All files of a project, by their names in its folder, in the order in which they matter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from conda_preflight.facts.tasks import Task
from conda_preflight.plain import value_type
from conda_preflight.scaffolding import automation, declared, image, readme
from conda_preflight.scaffolding.answers import Answers, Machine
from conda_preflight.scaffolding.packages import wanted
from conda_preflight.scaffolding.smoke import SMOKE, smoke

README = "README.md"


@value_type
class Adoption:
    """A project whose manifest is already made; ``machine`` and ``task`` are None if not said.

    ``environment`` is the name that it has.
    """

    project: str
    environment: str
    manifest: str
    purpose: str
    platforms: Sequence[str]
    machine: Machine | None
    task: Task | None


def files(answers: Answers, today: date) -> dict[str, str]:
    """A new project's texts by name; raises UsageError where the hardware runs none of it."""
    lines = wanted(answers)
    machine = answers.machine
    where = declared.target(machine, lines.cuda)
    found = {
        "environment.yml": declared.manifest(answers, lines),
        "preflight.toml": declared.settings(
            answers.purpose, (machine.platform,), where, SMOKE, today
        ),
        SMOKE: smoke(answers, lines),
        **_around(answers.project, answers.task.sentence, section(answers)),
    }
    return found | _image(answers.task, machine)


def section(answers: Answers) -> str:
    """The section of the README."""
    return readme.section(answers.environment, has_image=answers.machine.has_image)


def adopted(adoption: Adoption, today: date) -> dict[str, str]:
    """The texts of a project that is there already, by name."""
    machine, task = adoption.machine, adoption.task
    where = declared.target(machine, "") if machine else ()
    found = {
        "environment.yml": adoption.manifest,
        "preflight.toml": declared.settings(adoption.purpose, adoption.platforms, where, "", today),
        **_around(adoption.project, "", section_of(adoption)),
    }
    if task is None or machine is None:
        return found
    return found | _image(task, machine)


def section_of(adoption: Adoption) -> str:
    """The section of the README."""
    has_image = bool(adoption.task and adoption.machine and adoption.machine.has_image)
    return readme.section(adoption.environment, has_image=has_image)


def _around(project: str, sentence: str, own: str) -> dict[str, str]:
    return {
        ".condarc": declared.condarc(),
        ".github/workflows/preflight.yml": automation.github(),
        ".gitlab-ci.yml": automation.gitlab(),
        ".pre-commit-config.yaml": automation.pre_commit(),
        README: readme.whole(project, sentence, own),
    }


def _image(task: Task, machine: Machine) -> dict[str, str]:
    if not machine.has_image:
        return {}
    written = image.dockerfile(task, machine)
    return {"Dockerfile": written, ".dockerignore": image.ignored()}
