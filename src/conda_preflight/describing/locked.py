"""The technologies of lock files of a project."""

from __future__ import annotations

from collections.abc import Sequence

from conda_preflight.describing.fact import Fact
from conda_preflight.describing.technology import technologies
from conda_preflight.documents import Lock, Project
from conda_preflight.installation import Installation, of_lock, pip_half, with_pip_half


def locked_technologies(locks: Sequence[Lock], project: Project) -> tuple[Fact, ...]:
    """What these locks hold, each with the pip half that lies beside it."""
    return technologies([one for lock in locks for one in _installations(lock, project)])


def _installations(lock: Lock, project: Project) -> list[Installation]:
    half = pip_half(lock, project.documents)
    return [with_pip_half(one, half) if half else one for one in of_lock(lock)]
