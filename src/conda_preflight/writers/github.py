"""Annotations for GitHub Actions: workflow commands, one line each.

Source of the syntax and its escapes: GitHub's "Workflow commands" and actions/toolkit,
packages/core/src/command.ts.
"""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.coverage import coverage
from conda_preflight.report import Finding, Report, Severity, Status
from conda_preflight.writers import wording
from conda_preflight.writers.escaping import unacting, visible

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def write(report: Report) -> str:
    """Annotations, the heaviest first, then one plain line with the verdict."""
    cover = coverage(report)
    open_findings = [finding for finding in report.findings if not finding.muted]
    heaviest_first = sorted(open_findings, key=lambda finding: -finding.severity.rank)
    lines = [*_crashes(report), *map(_annotation, heaviest_first)]
    verdict = f"{wording.VERDICTS[report.verdict]}: {wording.findings(cover.tally)}"
    reasons = [unacting(f"because {visible(reason)}") for reason in report.reasons]
    seen = unacting(f"{wording.checks(cover.count)}. {visible(wording.seen(cover))}.")
    return "\n".join([*lines, seen, *reasons, verdict]) + "\n"


def _annotation(finding: Finding) -> str:
    problem, at = finding.problem, finding.problem.location
    column = at.column if at.line else 0
    properties: dict[str, str | int] = {"file": at.path, "line": at.line, "col": column}
    if at.line and at.column and at.length:
        properties["endColumn"] = at.column + at.length
    message = visible(wording.told(finding))
    fix = f"\nfix: {visible(problem.fix)}" if problem.fix else ""
    return _command(_COMMANDS[finding.severity], properties, finding.rule, message + fix)


def _crashes(report: Report) -> Iterator[str]:
    for outcome in report.outcomes:
        if outcome.status is Status.CRASHED:
            message = f"This check crashed: {visible(outcome.reason)}"
            yield _command("error", {"file": outcome.subject}, outcome.rule, message)


def _command(name: str, properties: dict[str, str | int], title: str, message: str) -> str:
    given = {**properties, "title": title}
    words = [f"{key}={_property(visible(str(v)))}" for key, v in given.items() if v]
    return f"::{name} {','.join(words)}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
