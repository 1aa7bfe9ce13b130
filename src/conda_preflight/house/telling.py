"""Where and about what a policy's word is shown."""

from __future__ import annotations

from conda_preflight.documents import Location, Project, Source
from conda_preflight.documents.ruling import BROKEN, Ruling


def place(ruling: Ruling, project: Project) -> Location:
    """What the policy names, where that was audited and has such a line, else the policy."""
    audited = {document.path for document in project.documents}
    if ruling.kind == BROKEN or ruling.file not in audited:
        return Location(ruling.policy, ruling.policy_line)
    lines = next((len(s.lines) for s in project.of(Source) if s.path == ruling.file), 0)
    return Location(ruling.file, ruling.line if ruling.line <= lines else 0)


def thing(ruling: Ruling) -> str:
    """What it is about, as the policy calls it; its words where it says nothing else."""
    return ruling.about or ruling.id or ruling.message[:200]
