"""What was checked and what was not, so that "not checked" never reads as "passed"."""

from __future__ import annotations

from collections.abc import Iterable

from conda_preflight.families import FAMILIES, Family, family_of, in_order
from conda_preflight.plain import document_type, value_type
from conda_preflight.report import Finding, Outcome, Report, Severity, Status

SILENT = "nothing here for it to examine"
_WORST_FIRST = (Status.CRASHED, Status.FAILED, Status.SKIPPED, Status.PASSED)


@value_type
class Count:
    """Numbers of checks; each is counted once, under the worst that happened to it.

    A check that passed on one file and was skipped on another counts as skipped.
    """

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    crashed: int = 0

    @property
    def selected(self) -> int:
        """All of them."""
        return self.passed + self.failed + self.skipped + self.crashed


@value_type
class Gap:
    """One reason for which rules did not run, or not everywhere."""

    reason: str
    rules: tuple[str, ...]


@value_type
class Tally:
    """Numbers of findings by weight; a muted one counts as muted only."""

    errors: int = 0
    warnings: int = 0
    notes: int = 0
    muted: int = 0


@document_type
class Phase:
    """One family in one report; findings are the heaviest first, muted ones last."""

    family: Family
    count: Count
    gaps: tuple[Gap, ...]
    findings: tuple[Finding, ...]
    outcomes: tuple[Outcome, ...]

    @property
    def skipped(self) -> bool:
        """True when no check of this family ran."""
        return self.count.skipped == self.count.selected

    @property
    def by_rule(self) -> dict[tuple[str, bool], tuple[Finding, ...]]:
        """The findings by rule and whether they are muted, those that are not muted first."""
        grouped: dict[tuple[str, bool], list[Finding]] = {}
        for finding in self.findings:
            grouped.setdefault((finding.rule, bool(finding.muted)), []).append(finding)
        return {key: tuple(alike) for key, alike in grouped.items()}


@document_type
class Coverage:
    """The whole report in numbers; ``packages`` counts by manager, over all inputs.

    ``notes`` say how far prefixes were verified, ``unselected`` are families
    of the checklist of which no check was selected.
    """

    count: Count
    tally: Tally
    phases: tuple[Phase, ...]
    unselected: tuple[Family, ...]
    packages: dict[str, int]
    inputs: int
    notes: tuple[str, ...] = ()

    @property
    def skipped(self) -> tuple[Phase, ...]:
        """The phases of which no check ran."""
        return tuple(phase for phase in self.phases if phase.skipped)


def coverage(report: Report) -> Coverage:
    """What this report covers."""
    grouped: dict[str, list[Outcome]] = {}
    for outcome in settled(report):
        grouped.setdefault(family_of(outcome.rule), []).append(outcome)
    phases = tuple(_phase(family, grouped[family.name]) for family in in_order(grouped))
    return Coverage(
        count=_count(outcome for outcomes in grouped.values() for outcome in outcomes),
        tally=tally(report.findings),
        phases=phases,
        unselected=tuple(family for family in FAMILIES if family.name not in grouped),
        packages=_packages(report),
        inputs=len(report.inputs),
        notes=tuple(f"{each.path}: {each.note}" for each in report.inputs if each.note),
    )


def settled(report: Report) -> tuple[Outcome, ...]:
    """Every outcome, by rule and subject, and a skipped one for each rule that has none."""
    met = {outcome.rule for outcome in report.outcomes}
    silent = (
        Outcome(rule.id, "", Status.SKIPPED, reason=SILENT)
        for rule in report.rules
        if rule.id not in met
    )
    return tuple(sorted((*report.outcomes, *silent), key=_by_rule))


def _by_rule(outcome: Outcome) -> tuple[str, str, str, str]:
    return outcome.rule, outcome.subject, outcome.status.value, outcome.reason


def families_run(outcomes: Iterable[Outcome]) -> frozenset[str]:
    """The families of which a check really ran on something."""
    ran = (o.rule for o in outcomes if o.status in (Status.PASSED, Status.FAILED))
    return frozenset(map(family_of, ran))


def tally(findings: Iterable[Finding]) -> Tally:
    """How many findings of each weight these are."""
    numbers = dict.fromkeys((*Severity, None), 0)
    for finding in findings:
        numbers[None if finding.muted else finding.severity] += 1
    return Tally(
        numbers[Severity.ERROR],
        numbers[Severity.WARNING],
        numbers[Severity.NOTE],
        numbers[None],
    )


def _phase(family: Family, outcomes: list[Outcome]) -> Phase:
    findings = sorted((f for o in outcomes for f in o.findings), key=_heaviest_first)
    return Phase(family, _count(outcomes), _gaps(outcomes), tuple(findings), tuple(outcomes))


def _heaviest_first(finding: Finding) -> tuple[bool, int, float, str, int, int, str, str]:
    at = finding.problem.location
    weight = bool(finding.muted), -finding.severity.rank, -finding.problem.gravity
    return *weight, at.path, at.line, at.column, finding.rule, finding.problem.about


def _count(outcomes: Iterable[Outcome]) -> Count:
    worst: dict[str, Status] = {}
    for outcome in outcomes:
        seen = worst.get(outcome.rule, Status.PASSED)
        worst[outcome.rule] = min(seen, outcome.status, key=_WORST_FIRST.index)
    statuses = list(worst.values())
    return Count(
        passed=statuses.count(Status.PASSED),
        failed=statuses.count(Status.FAILED),
        skipped=statuses.count(Status.SKIPPED),
        crashed=statuses.count(Status.CRASHED),
    )


def _gaps(outcomes: Iterable[Outcome]) -> tuple[Gap, ...]:
    """The reasons of what was skipped, the most frequent first."""
    rules: dict[str, set[str]] = {}
    for outcome in outcomes:
        if outcome.status is Status.SKIPPED:
            rules.setdefault(outcome.reason or "no reason was given", set()).add(outcome.rule)
    gaps = (Gap(reason, tuple(sorted(names))) for reason, names in rules.items())
    return tuple(sorted(gaps, key=lambda gap: (-len(gap.rules), gap.reason)))


def _packages(report: Report) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for document in report.inputs:
        for managers in document.packages.values():
            for manager, number in managers.items():
                numbers[manager] = numbers.get(manager, 0) + number
    return dict(sorted(numbers.items()))
