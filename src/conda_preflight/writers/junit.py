"""JUnit XML: a suite for each phase, a case for each outcome.

The dialect is the one that Jenkins and GitLab read: ``skipped``, ``error`` or ``failure``,
then ``system-out``. There are no times in it.
"""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.coverage import Phase, coverage
from conda_preflight.report import Finding, Outcome, Report, Severity, Status
from conda_preflight.writers import wording
from conda_preflight.writers.escaping import markup


def write(report: Report) -> str:
    """The report as one XML 1.0 document."""
    phases = coverage(report).phases
    suites = [line for phase in phases for line in _suite(phase, report.fail_on)]
    numbers = _numbers([o for phase in phases for o in phase.outcomes], report.fail_on)
    opening = f'<testsuites name="{markup(wording.heading(report))}" {numbers}>'
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', opening, *suites, "</testsuites>"]
    return "\n".join(lines) + "\n"


def _suite(phase: Phase, fail_on: Severity) -> Iterator[str]:
    numbers = _numbers(phase.outcomes, fail_on)
    yield f'  <testsuite name="{markup(phase.family.title)}" {numbers}>'
    for outcome in phase.outcomes:
        yield from _case(outcome, phase.family.name, fail_on)
    yield "  </testsuite>"


def _numbers(outcomes: list[Outcome] | tuple[Outcome, ...], fail_on: Severity) -> str:
    results = [_result(outcome, fail_on) for outcome in outcomes]
    names = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    words = [f'{name}="{results.count(result)}"' for name, result in names.items()]
    return f'tests="{len(results)}" {" ".join(words)}'


def _result(outcome: Outcome, fail_on: Severity) -> str:
    if outcome.status is Status.CRASHED:
        return "error"
    if outcome.status is Status.SKIPPED:
        return "skipped"
    return "failure" if any(wording.counts(f, fail_on) for f in outcome.findings) else "passed"


def _case(outcome: Outcome, family: str, fail_on: Severity) -> Iterator[str]:
    name = " ".join(filter(None, (outcome.rule, outcome.subject, *outcome.targets[:1])))
    result = _result(outcome, fail_on)
    counting = [f for f in outcome.findings if wording.counts(f, fail_on)]
    others = [f for f in outcome.findings if not wording.counts(f, fail_on)]
    head = f'    <testcase classname="{markup(family)}" name="{markup(name)}"'
    if result == "passed" and not others:
        yield f"{head}/>"
        return
    yield f"{head}>"
    if result == "failure":
        first = wording.told(counting[0])
        more = f" (and {len(counting) - 1} more)" if counting[1:] else ""
        yield f'      <failure type="{markup(outcome.rule)}" message="{markup(first)}{more}">'
        yield "\n".join(map(_words, counting)) + "</failure>"
    elif result != "passed":
        yield f'      <{result} message="{markup(outcome.reason or "no reason was given")}"/>'
    if others:
        yield "      <system-out>" + "\n".join(map(_words, others)) + "</system-out>"
    yield "    </testcase>"


def _words(finding: Finding) -> str:
    problem = finding.problem
    weight = f"muted ({finding.muted})" if finding.muted else finding.severity.value
    text = f"{wording.place(problem.location)}: {weight}: {wording.told(finding)}"
    return markup(f"{text} fix: {problem.fix}" if problem.fix else text)
