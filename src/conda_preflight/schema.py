"""The published JSON of a report, version 1: written and read back.

What is absent is null (a line, a column, the reason of a muted finding); texts are as the
audited files have them, up to MAX_EXCERPT for a source line; a lone surrogate, which JSON
readers refuse, becomes its escape. ``schemas/report-1.json`` is the schema.
"""

from __future__ import annotations

from collections.abc import Mapping

from conda_preflight.coverage import Coverage, Phase, coverage
from conda_preflight.documents import Location
from conda_preflight.report import Changes, Finding, Input, Outcome, Report, Rule, TargetVerdict
from conda_preflight.schema_changes import changes_json
from conda_preflight.schema_reading import VERSION, Json, from_json, read_report

__all__ = ["MAX_EXCERPT", "VERSION", "Json", "from_json", "to_json"]

MAX_EXCERPT = 4_096


def to_json(report: Report) -> Json:
    """The report as plain values, in a fixed order."""
    findings = sorted(map(_finding, report.findings), key=_finding_order)
    places: dict[str, list[int]] = {}
    for place, entry in enumerate(findings):
        places.setdefault(repr(entry), []).append(place)
    changes = _changes(report.changes, places) if report.changes else {}
    outcomes = sorted(report.outcomes, key=_outcome_order)
    data: Json = {
        "schema_version": VERSION,
        "verdict": report.verdict.value,
        "reasons": [_text(reason) for reason in report.reasons],
        "subject": _text(report.subject),
        "version": _text(report.version),
        "fail_on": report.fail_on.value,
        "findings": findings,
        "outcomes": [_outcome(outcome, places) for outcome in outcomes],
        "coverage": {},
        "inputs": sorted(map(_input, report.inputs), key=lambda i: (str(i["path"]), repr(i))),
        "rules": sorted(map(_rule, report.rules), key=lambda rule: str(rule["id"])),
    }
    if report.targets:
        data["targets"] = [_target(target) for target in report.targets]
    if changes:
        data["changes"] = changes
    # From what was written, so that reading it back and writing it again changes nothing.
    data["coverage"] = _coverage(coverage(read_report(data)))
    return data


def _changes(changes: Changes, places: Mapping[str, list[int]]) -> Json:
    free = {key: list(found) for key, found in places.items()}
    return changes_json(changes, _text, lambda f: free[repr(_finding(f))].pop(0), _finding)


def _finding_order(entry: Json) -> tuple[object, ...]:
    place = entry["path"], entry["line"] or 0, entry["column"] or 0
    return *place, entry["rule"], entry["about"], repr(entry)


def _outcome_order(outcome: Outcome) -> tuple[str, ...]:
    texts = outcome.rule, outcome.subject, outcome.status.value, outcome.reason, *outcome.targets
    return tuple(map(_text, texts))


def _finding(finding: Finding) -> Json:
    problem = finding.problem
    entry: Json = {
        "rule": _text(finding.rule),
        "severity": finding.severity.value,
        "message": _text(problem.message),
        "about": _text(problem.about),
        **_place(problem.location),
        "fix": _text(problem.fix),
        "muted": _text(finding.muted) or None,
        "fingerprint": _text(finding.fingerprint),
        "excerpt": _text(finding.excerpt)[:MAX_EXCERPT],
    }
    if problem.ids:
        entry["ids"] = [_text(name) for name in problem.ids]
    if problem.group:
        entry |= {"group": _text(problem.group), "row": _text(problem.row)}
    if problem.purls:
        entry["purls"] = [_text(purl) for purl in problem.purls]
    if problem.gravity:
        entry["gravity"] = problem.gravity
    if finding.stance:
        entry["stance"] = _text(finding.stance)
    if finding.targets:
        entry["targets"] = [_text(name) for name in finding.targets]
    if problem.edits:
        entry["edits"] = [
            {**_place(edit.location), "old": _text(edit.old), "new": _text(edit.new)}
            for edit in problem.edits
        ]
    return entry


def _place(at: Location) -> Json:
    return {
        "path": _text(at.path),
        "line": at.line or None,
        "column": at.column or None,
        "length": at.length or None,
    }


def _outcome(outcome: Outcome, places: dict[str, list[int]]) -> Json:
    """``findings`` are positions in the list of all findings."""
    targets = {"targets": [_text(name) for name in outcome.targets]} if outcome.targets else {}
    return {
        "rule": _text(outcome.rule),
        "status": outcome.status.value,
        "subject": _text(outcome.subject),
        "reason": _text(outcome.reason),
        "findings": sorted(places[repr(_finding(f))].pop(0) for f in outcome.findings),
        **targets,
    }


def _target(target: TargetVerdict) -> Json:
    return {
        "name": _text(target.name),
        "verdict": target.verdict.value,
        "blamed": [{"rule": _text(rule), "about": _text(about)} for rule, about in target.blamed],
        "unchecked": target.unchecked,
    }


def _coverage(cover: Coverage) -> Json:
    return {
        **_count(cover),
        "families": {_text(phase.family.name): _phase(phase) for phase in cover.phases},
        "skipped_families": {
            _text(phase.family.name): [_text(gap.reason) for gap in phase.gaps]
            for phase in cover.skipped
        },
        "unselected_families": [family.name for family in cover.unselected],
        "packages": {_text(manager): count for manager, count in cover.packages.items()},
        "inputs": cover.inputs,
    }


def _phase(phase: Phase) -> Json:
    gaps = [{"reason": _text(g.reason), "rules": [_text(r) for r in g.rules]} for g in phase.gaps]
    return {**_count(phase), "not_checked": gaps}


def _count(counted: Coverage | Phase) -> Json:
    count = counted.count
    return {
        "selected": count.selected,
        "passed": count.passed,
        "failed": count.failed,
        "skipped": count.skipped,
        "crashed": count.crashed,
    }


def _input(document: Input) -> Json:
    packages = {_text(name): _sorted(managers) for name, managers in document.packages.items()}
    note: Json = {"note": _text(document.note)} if document.note else {}
    return {
        **note,
        "path": _text(document.path),
        "kind": _text(document.kind),
        "sha256": _text(document.sha256),
        "packages": dict(sorted(packages.items())),
        "entries": _sorted(document.entries),
    }


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted((_text(name), count) for name, count in counts.items()))


def _rule(rule: Rule) -> Json:
    return {
        "id": _text(rule.id),
        "severity": rule.severity.value,
        "summary": _text(rule.summary),
        "origin": _text(rule.origin),
    }


def _text(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()
