"""What ``fleet --projects`` says, as sheets and as JSON."""

from __future__ import annotations

import json
import os

from conda_preflight.answers.sheet import Sheet
from conda_preflight.fleet.project_results import LINES, REPORTS, report_file
from conda_preflight.fleet.projects_summary import Summary
from conda_preflight.report import Verdict
from conda_preflight.writers.wording import VERDICTS, number

VERSION = 1
_RULES = 20


def sheets(found: Summary, *, quiet: bool = False) -> tuple[Sheet, ...]:
    """The most frequent rules, the worst projects, those without a verdict, the verdict.

    ``quiet`` leaves out the rules, and where each project stands.
    """
    rules = tuple(
        (rule, str(projects), str(findings))
        for rule, (projects, findings) in list(found.rules.items())[:_RULES]
    )
    worst = tuple(
        (
            _short(each.project),
            VERDICTS[Verdict(each.verdict)],
            str(each.errors),
            str(each.warnings),
        )
        for each in found.worst
    )
    unjudged = tuple((_short(each.project), each.reason) for each in found.unjudged)
    more = len(found.rules) - len(rules)
    notes = (f"{number(more, 'rule')} more; --format json has all.",) if more > 0 else ()
    frequent = Sheet("The most frequent rules", ("Rule", "Projects", "Findings"), rules, notes)
    parts = (
        *(() if quiet else (frequent,)),
        Sheet("The worst projects", ("Project", "Verdict", "Errors", "Warnings"), worst),
        Sheet("Not judged", ("Project", "Why"), unjudged, _unnamed(found)),
    )
    where = f"Each project: {found.folder / LINES}; its report: {found.folder / REPORTS}."
    last = Sheet(title(found), (), (), () if quiet else (where,))
    return (*(part for part in parts if part.rows), last)


def _unnamed(found: Summary) -> tuple[str, ...]:
    """A sentence about those that are counted, and not named."""
    more = _count(found, Verdict.UNKNOWN) - len(found.unjudged)
    return (f"{number(more, 'project')} more; {found.folder / LINES} has all.",) if more > 0 else ()


def title(found: Summary) -> str:
    """``NO-GO: 2000 projects, 900 GO, 1100 NO-GO``."""
    counts = [f"{n} {word}" for each, word in VERDICTS.items() if (n := _count(found, each))]
    return f"{VERDICTS[found.verdict]}: {number(found.projects, 'project')}, {', '.join(counts)}"


def write_json(found: Summary) -> str:
    """One JSON document that ends with a line feed; ``docs/fleet.md`` has its keys."""
    document = {
        "schema_version": VERSION,
        "verdict": found.verdict.value,
        "projects": found.projects,
        "counts": {verdict.value: _count(found, verdict) for verdict in Verdict},
        "rules": [
            {"rule": rule, "projects": projects, "findings": findings}
            for rule, (projects, findings) in found.rules.items()
        ],
        "worst": [
            {
                "project": each.project,
                "verdict": each.verdict,
                "errors": each.errors,
                "warnings": each.warnings,
                "report": str(report_file(found.folder, each.project)),
            }
            for each in found.worst
        ],
        "not_judged": [{"project": r.project, "reason": r.reason} for r in found.unjudged],
        "results": str(found.folder / LINES),
    }
    return json.dumps(document, indent=2) + "\n"


def _count(found: Summary, verdict: Verdict) -> int:
    return found.verdicts.get(verdict.value, 0)


def _short(project: str) -> str:
    """The path from here, where that is shorter."""
    return min(os.path.relpath(project), project, key=len)
