"""The Dockerfile of a project that has no lock yet, and what stays out of its image."""

from __future__ import annotations

from conda_preflight.imaging.dockerfile import Recipe, write
from conda_preflight.scaffolding.answers import Answers
from conda_preflight.scaffolding.packages import Wanted

_LOCK = "conda-lock.yml"


def dockerfile(answers: Answers, wanted: Wanted) -> str:
    """The Dockerfile as a lock will be put into it, with what only a lock tells left out."""
    return write(
        Recipe(
            task=answers.task,
            lock=_LOCK,
            digest="",
            platform=answers.machine.platform,
            has_pip=bool(wanted.pip),
            init=False,
            gpu=bool(answers.machine.capability),
        )
    )


def ignored() -> str:
    """The .dockerignore."""
    return """\
.git
.github
.gitlab-ci.yml
.pre-commit-config.yaml
.env
.venv
**/__pycache__
**/.ipynb_checkpoints
data
models
"""
