"""The rules of a SARIF log: what each is, and how grave what it found is.

Lengths and the place of the severity are those that GitHub's code scanning documents ("SARIF
support for code scanning"): it reads ``security-severity`` and ``tags`` of a rule, never of a
result, and at most 1024 characters of a description.
"""

from __future__ import annotations

from collections.abc import Iterable

from conda_preflight.families import family_of
from conda_preflight.report import Finding, Report, Rule
from conda_preflight.writers.escaping import visible

Json = dict[str, object]
_PAGE = 20_000
_SENTENCE = 1_024
_MOST = 10.0


def rules(report: Report) -> list[Rule]:
    """The rules, by id; one that a finding names and the report lacks is added bare."""
    known = {rule.id: rule for rule in report.rules}
    for finding in report.findings:
        known.setdefault(finding.rule, Rule(finding.rule, finding.severity, finding.rule, "", ()))
    return [known[name] for name in sorted(known)]


def descriptor(rule: Rule, findings: Iterable[Finding]) -> Json:
    """A rule with its manual page, and the severity of the gravest of its findings that count."""
    page = _lines(rule.page) or visible(rule.id)
    short = visible(rule.summary)[:_SENTENCE] or visible(rule.id)
    rated = severity(max(findings, key=_weight, default=None))
    security = ["security"] if rated else []
    return {
        "id": visible(rule.id),
        "shortDescription": {"text": short},
        "fullDescription": {"text": _about(rule)[:_SENTENCE] or short},
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": rule.severity.value},
        "properties": {"tags": [visible(family_of(rule.id)), *security], **rated},
    }


def severity(finding: Finding | None) -> Json:
    """The property with the score of a vulnerability, 0.1 to 10.0; empty where it has none."""
    if finding is None or not finding.problem.ids:
        return {}
    score = min(finding.problem.gravity, _MOST)
    return {"security-severity": f"{score:.1f}"} if score else {}


def _weight(finding: Finding) -> tuple[bool, bool, float]:
    problem = finding.problem
    return not finding.muted, bool(problem.ids), problem.gravity


def _about(rule: Rule) -> str:
    """The first paragraph of the manual page below its title, on one line."""
    parts = rule.page.split("\n\n", 2)
    told = parts[1] if len(parts) > 1 and not parts[1].startswith("#") else ""
    return visible(" ".join(told.split()))


def _lines(text: str) -> str:
    """A page of several lines; only its line feeds stay as they are."""
    return "\n".join(visible(line) for line in text[:_PAGE].split("\n"))
