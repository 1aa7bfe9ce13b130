"""SARIF 2.1.0, as code scanning services read it (OASIS standard of 2020-03-27).

Texts that services display are made visible; paths are relative URIs, percent-encoded;
columns count Unicode code points. What was skipped or crashed stands in notifications.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

from conda_preflight.coverage import coverage, settled
from conda_preflight.documents import Location
from conda_preflight.report import Edit, Finding, Outcome, Report, Severity, Status
from conda_preflight.writers import sarif_rules, wording
from conda_preflight.writers.escaping import visible

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
MAX_RESULTS = 25_000
"""Results of a run, of which code scanning refuses any more; the gravest are kept."""
Json = dict[str, object]


def write(report: Report) -> str:
    """The report as a SARIF log with one run, in ASCII."""
    rules = sarif_rules.rules(report)
    index = {rule.id: place for place, rule in enumerate(rules)}
    found: dict[str, list[Finding]] = {rule.id: [] for rule in rules}
    for finding in report.findings:
        found[finding.rule].append(finding)
    described = [sarif_rules.descriptor(rule, found[rule.id]) for rule in rules]
    driver: Json = {"name": "conda-preflight", "rules": described}
    if report.version:
        driver["version"] = visible(report.version)
    shown, states = _shown(report), _states(report)
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report)],
        "artifacts": [
            {"location": _uri(path), "hashes": {"sha-256": visible(digest)}}
            for path, digest in sorted({i.path: i.sha256 for i in report.inputs}.items())
            if digest and path
        ],
        "results": [_result(each, index, _anywhere(report), states(each)) for each in shown],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2) + "\n"


def _shown(report: Report) -> list[Finding]:
    """As many findings as a log may have, in their order: what is muted or light goes first."""
    if len(report.findings) <= MAX_RESULTS:
        return list(report.findings)
    places = sorted(range(len(report.findings)), key=lambda at: _weight(report.findings[at]))
    return [report.findings[at] for at in sorted(places[-MAX_RESULTS:])]


def _weight(finding: Finding) -> tuple[bool, int, float]:
    return not finding.muted, finding.severity.rank, finding.problem.gravity


def _states(report: Report) -> Callable[[Finding], Json]:
    """What a comparison with a revision says of a finding; nothing where there is none.

    A muted one is left without a state: whether it is new is not told anywhere.
    """
    changes = report.changes
    if changes is None:
        return lambda _: {}
    gained = set(map(repr, changes.gained))

    def state(finding: Finding) -> Json:
        if repr(finding) in gained:
            return {"baselineState": "new"}
        return {} if finding.muted else {"baselineState": "unchanged"}

    return state


def _anywhere(report: Report) -> Location:
    """Where a finding without a file is shown: code scanning refuses a log that has none."""
    return Location(next((each.path for each in report.inputs if each.path), "."))


def _result(finding: Finding, index: dict[str, int], anywhere: Location, state: Json) -> Json:
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
        **state,
    }
    if finding.fingerprint:
        result["partialFingerprints"] = {"condaPreflight/v1": visible(finding.fingerprint)}
    if problem.ids:
        result["properties"] = _of_vulnerability(finding)
    if edits := [edit for edit in problem.edits if edit.location.line and edit.location.path]:
        result["fixes"] = [_fix(problem.fix or "Apply the change", edits)]
    return result


def _of_vulnerability(finding: Finding) -> Json:
    """Its names, packages and own severity, which is not always the one that its rule has."""
    problem = finding.problem
    purls: Json = {"purls": [visible(purl) for purl in problem.purls]} if problem.purls else {}
    names = [visible(name) for name in problem.ids]
    return {"ids": names, **purls, **sarif_rules.severity(finding)}


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
        "toolExecutionNotifications": [
            *(_notification(o, Severity.ERROR) for o in broken),
            *_left_out(report),
        ],
        "toolConfigurationNotifications": [_notification(o, Severity.NOTE) for o in skipped],
        "properties": {
            "verdict": report.verdict.value,
            "coverage": wording.checks(coverage(report).count),
        },
    }


def _left_out(report: Report) -> list[Json]:
    more = len(report.findings) - MAX_RESULTS
    text = f"{more} findings are not in this log, which may have {MAX_RESULTS} at most"
    return [{"level": "warning", "message": {"text": text}}] if more > 0 else []


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
