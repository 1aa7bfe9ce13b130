"""GitLab's report of code quality: a list of issues, each at a line of the merge request.

Source: GitLab's documentation, "Code Quality report format" (a part of Code Climate's).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import TypeAlias

from conda_preflight.report import Finding, Report, Severity, Status
from conda_preflight.report import fingerprint as fingerprint_of
from conda_preflight.writers import wording
from conda_preflight.writers.escaping import visible

Json: TypeAlias = dict[str, object]
_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}


def write(report: Report) -> str:
    """What is open, and every check that crashed; GitLab itself says what a change brings."""
    found = [_issue(finding) for finding in report.findings if not finding.muted]
    return json.dumps(list(_told_apart([*_crashes(report), *found])), indent=2) + "\n"


def _issue(finding: Finding) -> Json:
    at, fix = finding.problem.location, finding.problem.fix
    told = wording.told(finding)
    name = finding.fingerprint or _named(finding.rule, at.path, finding.problem.about)
    return {
        "description": visible(f"{told}. Fix: {fix}" if fix else told),
        "check_name": visible(finding.rule),
        "fingerprint": visible(name),
        "severity": _SEVERITIES[finding.severity],
        "location": _place(at.path, at.line),
    }


def _crashes(report: Report) -> Iterator[Json]:
    for each in report.outcomes:
        if each.status is Status.CRASHED:
            yield {
                "description": visible(f"This check crashed: {each.reason}"),
                "check_name": visible(each.rule),
                "fingerprint": _named(each.rule, each.subject, "crashed"),
                "severity": _SEVERITIES[Severity.ERROR],
                "location": _place(each.subject),
            }


def _named(rule: str, path: str, about: str) -> str:
    return fingerprint_of(visible(rule), visible(path), visible(about))


def _place(path: str, line: int = 0) -> Json:
    """What belongs to no file stands at the top, since each must have a place."""
    return {"path": visible(path) or ".", "lines": {"begin": max(line, 1)}}


def _told_apart(issues: list[Json]) -> Iterator[Json]:
    """Each with a fingerprint of its own: GitLab shows one alone of those that share one."""
    seen: Counter[object] = Counter()
    for issue in issues:
        name = issue["fingerprint"]
        yield {**issue, "fingerprint": f"{name}-{seen[name]}"} if seen[name] else issue
        seen[name] += 1
