"""What ``fleet --projects`` says, as sheets and as JSON."""

from __future__ import annotations

import json
import os

from conda_preflight.answers.fleet_sheets import left
from conda_preflight.answers.phrases import told
from conda_preflight.answers.sheet import Sheet
from conda_preflight.fleet.project_results import LINES, REPORTS, report_file
from conda_preflight.fleet.projects_summary import Summary
from conda_preflight.language import say, word
from conda_preflight.report import Verdict
from conda_preflight.writers.wording import VERDICTS, listed, number

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
    unjudged = tuple((_short(each.project), _reasons(each.reason)) for each in found.unjudged)
    more = len(found.rules) - len(rules)
    heads = ("Rule", "Projects", "Findings")
    frequent = Sheet(word("The most frequent rules"), heads, rules, left(more, "rule"))
    parts = (
        *(() if quiet else (frequent,)),
        Sheet(word("The worst projects"), ("Project", "Verdict", "Errors", "Warnings"), worst),
        Sheet(word("Not judged"), ("Project", "Why"), unjudged, _unnamed(found)),
    )
    template = "Each project: {lines}; its report: {reports}."
    where = say(template, lines=found.folder / LINES, reports=found.folder / REPORTS)
    last = Sheet(title(found), (), (), () if quiet else (where,))
    return (*(part for part in parts if part.rows), last)


def _reasons(text: str) -> str:
    """What several reports or an error say, sentence by sentence."""
    return word("; ").join(told(told(each), "errors/*") for each in text.split("; "))


def _unnamed(found: Summary) -> tuple[str, ...]:
    """A sentence about those that are counted, and not named."""
    more = _count(found, Verdict.UNKNOWN) - len(found.unjudged)
    what = number(more, "project")
    sentence = say("{what} more; {file} has all.", what=what, file=found.folder / LINES)
    return (sentence,) if more > 0 else ()


def title(found: Summary) -> str:
    """``NO-GO: 2000 projects, 900 GO, 1100 NO-GO``."""
    counts = [
        say("{count} {verdict}", count=count, verdict=name)
        for each, name in VERDICTS.items()
        if (count := _count(found, each))
    ]
    said = listed([number(found.projects, "project"), *counts])
    return say("{verdict}: {what}", verdict=VERDICTS[found.verdict], what=said)


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
