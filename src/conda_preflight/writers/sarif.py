"""SARIF 2.1.0, as code scanning services read it (OASIS standard of 2020-03-27).

Texts that services display are made visible; paths are relative URIs, percent-encoded;
columns count Unicode code points. What was skipped or crashed stands in notifications.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from conda_preflight.coverage import coverage, settled
from conda_preflight.documents import Location
from conda_preflight.families import family_of
from conda_preflight.report import Edit, Finding, Outcome, Problem, Report, Rule, Severity, Status
from conda_preflight.writers import wording
from conda_preflight.writers.escaping import visible

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_PAGE = 20_000
_MOST = 10.0
Json = dict[str, object]


def write(report: Report) -> str:
    """The report as a SARIF log with one run, in ASCII."""
    rules = _rules(report)
    index = {rule.id: place for place, rule in enumerate(rules)}
    driver: Json = {"name": "conda-preflight", "rules": [_rule(rule) for rule in rules]}
    if report.version:
        driver["version"] = visible(report.version)
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report)],
        "artifacts": [
            {"location": _uri(path), "hashes": {"sha-256": visible(digest)}}
            for path, digest in sorted({i.path: i.sha256 for i in report.inputs}.items())
            if digest and path
        ],
        "results": [_result(finding, index, _anywhere(report)) for finding in report.findings],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2) + "\n"


def _rules(report: Report) -> list[Rule]:
    """The rules, by id; one that a finding names and the report lacks is added bare."""
    known = {rule.id: rule for rule in report.rules}
    for finding in report.findings:
        known.setdefault(finding.rule, Rule(finding.rule, finding.severity, finding.rule, "", ()))
    return [known[name] for name in sorted(known)]


def _rule(rule: Rule) -> Json:
    page = _lines(rule.page) or visible(rule.id)
    return {
        "id": visible(rule.id),
        "shortDescription": {"text": visible(rule.summary) or visible(rule.id)},
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": rule.severity.value},
        "properties": {"tags": [visible(family_of(rule.id))]},
    }


def _lines(text: str) -> str:
    """A page of several lines; only its line feeds stay as they are."""
    return "\n".join(visible(line) for line in text[:_PAGE].split("\n"))


def _anywhere(report: Report) -> Location:
    """Where a finding without a file is shown: code scanning refuses a log that has none."""
    return Location(next((each.path for each in report.inputs if each.path), "."))


def _result(finding: Finding, index: dict[str, int], anywhere: Location) -> Json:
    problem = finding.problem
    message = visible(wording.told(finding)) or visible(finding.rule) or "no message"
    fix = f"\nFix: {visible(problem.fix)}" if problem.fix else ""
    at = problem.location if problem.location.path else anywhere
    result: Json = {
        "ruleId": visible(finding.rule),
        "ruleIndex": index[finding.rule],
        "level": finding.severity.value,
        "message": {"text": message + fix},
        "suppressions": _suppressions(finding),
        "locations": [{"physicalLocation": _physical(at, finding.excerpt)}],
    }
    if finding.fingerprint:
        result["partialFingerprints"] = {"condaPreflight/v1": visible(finding.fingerprint)}
    if problem.ids:
        result["properties"] = _of_vulnerability(problem)
    if edits := [edit for edit in problem.edits if edit.location.line and edit.location.path]:
        result["fixes"] = [_fix(problem.fix or "Apply the change", edits)]
    return result


def _of_vulnerability(problem: Problem) -> Json:
    """Its names and packages, and its severity as code scanning services read it."""
    score = min(problem.gravity, _MOST)
    rated: Json = {"security-severity": f"{score:.1f}"} if score else {}
    purls: Json = {"purls": [visible(purl) for purl in problem.purls]} if problem.purls else {}
    return {"ids": [visible(name) for name in problem.ids], **purls, **rated}


def _suppressions(finding: Finding) -> list[Json]:
    if not finding.muted:
        return []
    return [{"kind": "external", "status": "accepted", "justification": visible(finding.muted)}]


def _physical(at: Location, excerpt: str = "") -> Json:
    physical: Json = {"artifactLocation": _uri(at.path)}
    if not at.line:
        return physical
    region: Json = {"startLine": at.line}
    if at.column:
        region["startColumn"] = at.column
    if at.column and at.length:
        region["endColumn"] = at.column + at.length
    if snippet := excerpt[max(at.column - 1, 0) :][: at.length] if at.length else excerpt:
        region["snippet"] = {"text": visible(snippet)}
    return {**physical, "region": region}


def _fix(sentence: str, edits: Iterable[Edit]) -> Json:
    by_path: dict[str, list[Json]] = {}
    for edit in edits:
        by_path.setdefault(edit.location.path, []).append(_replacement(edit))
    changes = [
        {"artifactLocation": _uri(path), "replacements": replacements}
        for path, replacements in sorted(by_path.items())
    ]
    return {"description": {"text": visible(sentence)}, "artifactChanges": changes}


def _replacement(edit: Edit) -> Json:
    """The text is as it must stand in the file, so it is not made visible."""
    at = edit.location
    column = at.column or 1
    *above, last = edit.old.split("\n")
    region = {
        "startLine": at.line,
        "startColumn": column,
        "endLine": at.line + len(above),
        "endColumn": len(last) + (1 if above else column),
    }
    new = edit.new.encode("utf-8", "backslashreplace").decode()
    return {"deletedRegion": region, "insertedContent": {"text": new}}


def _uri(path: str) -> Json:
    """A path as a URI reference (RFC 3986); each special character, ``:`` too, is encoded."""
    from urllib.parse import quote

    encoded = quote(path.encode("utf-8", "surrogatepass"), safe="/")
    if path.startswith("/"):
        return {"uri": f"file://{encoded}"}
    return {"uri": encoded, "uriBaseId": "%SRCROOT%"}


def _invocation(report: Report) -> Json:
    outcomes = settled(report)
    broken = wording.crashes(outcomes)
    skipped = [outcome for outcome in outcomes if outcome.status is Status.SKIPPED]
    verdict = wording.VERDICTS[report.verdict]
    reasons = [visible(reason) for reason in report.reasons]
    return {
        "executionSuccessful": not broken,
        "exitCode": report.verdict.exit_code,
        "exitCodeDescription": "; ".join([verdict, *reasons]),
        "toolExecutionNotifications": [_notification(o, Severity.ERROR) for o in broken],
        "toolConfigurationNotifications": [_notification(o, Severity.NOTE) for o in skipped],
        "properties": {
            "verdict": report.verdict.value,
            "coverage": wording.checks(coverage(report).count),
        },
    }


def _notification(outcome: Outcome, level: Severity) -> Json:
    verb = "crashed" if outcome.status is Status.CRASHED else "was not checked"
    reason = visible(outcome.reason) or "no reason was given"
    note: Json = {
        "level": level.value,
        "message": {"text": f"{visible(outcome.rule)} {verb}: {reason}"},
        "associatedRule": {"id": visible(outcome.rule)},
    }
    if outcome.subject:
        note["locations"] = [{"physicalLocation": _physical(Location(outcome.subject))}]
    return note
