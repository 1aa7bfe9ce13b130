"""All files of a new project, by their names in its folder."""

from __future__ import annotations

from datetime import date

from conda_preflight.scaffolding import automation, declared, image, readme
from conda_preflight.scaffolding.answers import Answers
from conda_preflight.scaffolding.packages import wanted
from conda_preflight.scaffolding.smoke import SMOKE, smoke

README = "README.md"


def files(answers: Answers, today: date) -> dict[str, str]:
    """The texts by name; raises UsageError where the hardware runs nothing of the task."""
    lines = wanted(answers)
    found = {
        "environment.yml": declared.manifest(answers, lines),
        "preflight.toml": declared.settings(answers, lines, today),
        ".condarc": declared.condarc(),
        SMOKE: smoke(answers, lines),
        ".github/workflows/preflight.yml": automation.github(),
        ".gitlab-ci.yml": automation.gitlab(),
        ".pre-commit-config.yaml": automation.pre_commit(),
        README: readme.whole(answers),
    }
    if answers.machine.has_image:
        found["Dockerfile"] = image.dockerfile(answers, lines)
        found[".dockerignore"] = image.ignored()
    return found
