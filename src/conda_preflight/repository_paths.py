"""A report whose paths start at the top of the repository, as services show and compare them."""

from __future__ import annotations

import posixpath
from dataclasses import replace
from pathlib import Path

from conda_preflight.documents import Location
from conda_preflight.git_index import top_of
from conda_preflight.report import Finding, Outcome, Report


def folder_in_repository(audited: Path) -> str:
    """Where the audited directory is below the top of its work tree; empty at the top or outside.

    Names that are no text are left as they are: they stay relative to the audited directory.
    """
    try:
        here = (audited if audited.is_dir() else audited.parent).resolve()
        top = top_of(here)
        below = here.relative_to(top).as_posix() if top else "."
        below.encode()
    except (OSError, RuntimeError, UnicodeEncodeError):
        return ""
    return "" if below == "." else below


def from_top(report: Report, folder: str) -> Report:
    """The report with that folder before each relative path; fingerprints stay as they are."""
    if not folder:
        return report
    read = {each.path for each in report.inputs}
    inputs = tuple(replace(each, path=_joined(folder, each.path)) for each in report.inputs)
    outcomes = tuple(_outcome(outcome, folder, read) for outcome in report.outcomes)
    return replace(report, inputs=inputs, outcomes=outcomes)


def _outcome(outcome: Outcome, folder: str, read: set[str]) -> Outcome:
    """A subject that is no file that was read may be no path."""
    subject = _joined(folder, outcome.subject) if outcome.subject in read else outcome.subject
    findings = tuple(_finding(finding, folder) for finding in outcome.findings)
    return replace(outcome, subject=subject, findings=findings)


def _finding(finding: Finding, folder: str) -> Finding:
    problem = finding.problem
    edits = tuple(replace(edit, location=_placed(edit.location, folder)) for edit in problem.edits)
    placed = replace(problem, location=_placed(problem.location, folder), edits=edits)
    return replace(finding, problem=placed)


def _placed(at: Location, folder: str) -> Location:
    return replace(at, path=_joined(folder, at.path))


def _joined(folder: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(folder, path)) if path else ""
