"""What the policies of a house say about a project."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Protocol

from conda_preflight.plain import value_type

if TYPE_CHECKING:
    from conda_preflight.documents.project import Project

DENIED, WARNED, BROKEN = "denied", "warned", "broken"


@value_type
class Ruling:
    """One thing that a policy says; ``kind`` is DENIED, WARNED or BROKEN.

    ``policy`` is the file of the policy and ``policy_line`` its line, 0 unknown; ``file`` and
    ``line`` are what the policy says it is about, ``about`` and ``id`` its names for that,
    ``severity`` "error", "warning", "note" or empty; ``fix`` what to do.
    """

    kind: str
    message: str
    policy: str
    policy_line: int = 0
    file: str = ""
    line: int = 0
    id: str = ""
    about: str = ""
    severity: str = ""
    fix: str = ""


class Policies(Protocol):
    """What asks the policies."""

    def rulings(self, project: Project, day: date, kind: str) -> tuple[Ruling, ...]:
        """All of one kind; raises Skip where the policies cannot be asked."""
