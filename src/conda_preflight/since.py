"""An audit of what changed since a revision of git's: both states are audited and compared.

Both are judged by the settings, the targets and the advisories of today, so that what differs
is the project's own doing.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from conda_preflight.config import Settings
from conda_preflight.documents import Project
from conda_preflight.errors import UsageError
from conda_preflight.git_revision import blob
from conda_preflight.image_marks import is_system, may_be_image
from conda_preflight.opening import read_bytes
from conda_preflight.plain import document_type
from conda_preflight.project import open_project
from conda_preflight.project_change import ProjectChange, project_change, revisions
from conda_preflight.report import Changes, Finding, Report
from conda_preflight.revision_tree import RevisionTree, revision_tree

Known = Callable[[Finding], str] | None
"""Tells why a finding is no news, empty where it is."""

_Key = tuple[str, str, str, tuple[str, ...]]


class Judge(Protocol):
    """Audits a project whose paths count from a folder; what is known is muted."""

    def __call__(
        self, project: Project, root: Path, chosen: Settings, known: Known = None
    ) -> Report: ...


@document_type
class Past:
    """What was at the revision: how the project differs from it, and what was found then.

    ``findings`` are those that were not muted, by what they are about; those of a file that
    was renamed stand under its name of today.
    """

    since: str
    change: ProjectChange
    findings: Mapping[_Key, tuple[Finding, ...]]
    notes: tuple[str, ...] = ()

    def known(self, finding: Finding) -> str:
        """Why a finding is no news, empty where it is."""
        return f"known since {self.since}" if _key(finding) in self.findings else ""


def compared(
    path: Path,
    revision: str,
    settings: Settings,
    project: Project,
    judge: Judge,
    *,
    only_new: bool,
) -> tuple[Project, Report]:
    """The project with what changed in it, audited, beside the revision that a person named.

    With ``only_new`` what was found then is muted. Raises UsageError where the revision cannot
    be read.
    """
    _refuse_images(path)
    before = _past(path, revision, settings, project, judge)
    found = revisions(before.change, project, revision)
    whole = replace(project, documents=(*project.documents, *found))
    folder = path if path.is_dir() else path.parent
    report = judge(whole, folder, settings, before.known if only_new else None)
    return whole, replace(report, changes=_changes(report, before))


def _past(path: Path, revision: str, settings: Settings, project: Project, judge: Judge) -> Past:
    folder = path if path.is_dir() else path.parent
    with revision_tree(folder, revision, settings.exclude) as found:
        old = _opened(path, folder, settings, found)
        if old is None:
            return Past(revision, ProjectChange(), {}, (f"{revision} does not have {_name(path)}",))
        report = judge(old, found.root, _moved(settings, folder, found.root))
        change = project_change(old, project)
        findings = _by_key(report, change)
        return Past(revision, change, findings, tuple(_notes(folder, revision, settings)))


def _changes(report: Report, past: Past) -> Changes:
    """What changed in the project, and in what is found in it; as often as it is found."""
    then = Counter({key: len(found) for key, found in past.findings.items()})
    gained = []
    for finding in report.findings:
        key = _key(finding)
        if then[key] > 0:
            then[key] -= 1
        elif not finding.muted:
            gained.append(finding)
    lost = [f for key, left in then.items() if left > 0 for f in past.findings[key][-left:]]
    change = past.change
    return Changes(
        since=past.since,
        lines=tuple(change.lines),
        packages=tuple(change.packages),
        sizes=tuple(change.sizes),
        gained=tuple(gained),
        lost=tuple(lost),
        notes=(*past.notes, *change.notes),
    )


def _refuse_images(path: Path) -> None:
    if is_system(path) or may_be_image(path) or (path / "conda-meta").is_dir():
        raise UsageError(
            "--since is for files under version control",
            "Compare installed environments and locks with conda-preflight diff.",
        )


def _name(path: Path) -> str:
    return "this directory" if path.is_dir() else path.name


def _opened(path: Path, folder: Path, settings: Settings, found: RevisionTree) -> Project | None:
    """The project as it was, None where there was nothing of it."""
    place = found.root if path.is_dir() else found.root / path.name
    if not found.paths or not place.exists():
        return None
    moved = _moved(settings, folder, found.root)
    return replace(open_project(place, moved, home=folder), tracked=found.paths)


def _moved(settings: Settings, folder: Path, root: Path) -> Settings:
    """The settings for the tree of the revision: files that lay in the project lie in it.

    One that is not there any more is left to be found.
    """
    here = folder.resolve()

    def moved(named: str) -> str:
        inside = Path(named).resolve()
        if not named or not inside.is_relative_to(here):
            return named
        place = root / inside.relative_to(here)
        return str(place) if place.is_file() else ""

    return replace(settings, manifest=moved(settings.manifest), lock=moved(settings.lock))


def _by_key(report: Report, change: ProjectChange) -> dict[_Key, tuple[Finding, ...]]:
    now = {old: new for new, old in change.former.items()}
    found: dict[_Key, list[Finding]] = {}
    for finding in report.findings:
        if not finding.muted:
            moved = _today(finding, now)
            found.setdefault(_key(moved), []).append(moved)
    return {key: tuple(some) for key, some in found.items()}


def _today(finding: Finding, now: Mapping[str, str]) -> Finding:
    """The finding with the path of today in the place of that of then."""
    at = finding.problem.location
    place = replace(at, path=now.get(at.path, at.path))
    return replace(finding, problem=replace(finding.problem, location=place))


def _key(finding: Finding) -> _Key:
    problem = finding.problem
    return finding.rule, problem.location.path, problem.about, finding.targets


def _notes(folder: Path, revision: str, settings: Settings) -> Iterator[str]:
    """Whether the rules of the game were changed too, which the comparison cannot show."""
    if not settings.file:
        return
    file = Path(settings.file)
    inside = os.path.relpath(file.resolve(), folder.resolve()).replace(os.sep, "/")
    named = inside if inside.startswith("../") else f"./{inside}"
    try:
        before = blob(folder, revision, named)
    except UsageError:
        yield f"{revision} does not have {file.name}, by which both states are judged"
        return
    if before != read_bytes(file):
        yield f"{file.name} changed; both states are judged by what it says now"
