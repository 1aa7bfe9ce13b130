"""The sentences that several formats say alike; nothing here is escaped yet."""

from __future__ import annotations

from conda_preflight.coverage import Count, Coverage, Gap, Phase, Tally
from conda_preflight.documents import Location
from conda_preflight.report import (
    Finding,
    Outcome,
    Report,
    Severity,
    Status,
    TargetVerdict,
    Verdict,
)

_SHOWN_REASONS = 2
_SHOWN_TARGETS = 4
_SHOWN_BLAME = 3
VERDICTS = {Verdict.GO: "GO", Verdict.NO_GO: "NO-GO", Verdict.UNKNOWN: "UNKNOWN"}
MEANINGS = {
    Verdict.GO: "Every selected check that could run has run, and nothing stands in the way.",
    Verdict.NO_GO: "Something has to be mended first.",
    Verdict.UNKNOWN: "What was checked is not enough for an answer.",
}


def number(count: int, noun: str) -> str:
    """``1 error``, ``2 errors``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def findings(tally: Tally) -> str:
    """``2 errors, 1 note, 1 muted``, or ``no findings``."""
    words = [
        number(count, noun)
        for count, noun in (
            (tally.errors, "error"),
            (tally.warnings, "warning"),
            (tally.notes, "note"),
        )
        if count
    ]
    muted = [f"{tally.muted} muted"] if tally.muted else []
    return ", ".join(words + muted) or "no findings"


def checks(count: Count) -> str:
    """How many checks ran, of how many, and what became of the rest."""
    ran = count.passed + count.failed
    parts = [f"{count.passed} passed", f"{count.failed} failed", f"{count.skipped} not checked"]
    crashed = [f"{count.crashed} crashed"] if count.crashed else []
    return f"{ran} of {number(count.selected, 'check')} ran: " + ", ".join(parts + crashed)


def seen(cover: Coverage) -> str:
    """``3 files read, 214 conda and 31 pypi packages``, and how far prefixes were verified."""
    packages = " and ".join(f"{count} {manager}" for manager, count in cover.packages.items())
    files = f"{number(cover.inputs, 'file')} read"
    told = f"{files}, {packages} packages" if packages else f"{files}, no packages"
    return ". ".join((told, *cover.notes))


def state(phase: Phase, fail_on: Severity) -> str:
    """``crashed``, ``failed``, ``warned``, ``muted``, ``skipped`` or ``passed``: the worst."""
    open_findings = [finding for finding in phase.findings if not finding.muted]
    if phase.count.crashed:
        return "crashed"
    if any(counts(finding, fail_on) for finding in open_findings):
        return "failed"
    if open_findings:
        return "warned"
    if phase.findings:
        return "muted"
    return "skipped" if phase.skipped else "passed"


def counts(finding: Finding, fail_on: Severity) -> bool:
    """Whether this finding makes a NO-GO."""
    return not finding.muted and finding.severity.rank >= fail_on.rank


def summary(phase: Phase, tally: Tally) -> str:
    """One phase in one line."""
    count = phase.count
    parts = [findings(tally)] if phase.findings else []
    if count.crashed:
        parts.append(f"{number(count.crashed, 'check')} crashed")
    if count.passed:
        parts.append(f"passed {number(count.passed, 'check')}")
    if count.skipped:
        how_many = "" if phase.skipped else f"{count.skipped} "
        parts.append(f"{how_many}not checked: {reasons(phase.gaps)}")
    return "; ".join(parts)


def reasons(gaps: tuple[Gap, ...]) -> str:
    """The most frequent reasons, and how many others there are."""
    words = [gap.reason for gap in gaps[:_SHOWN_REASONS]]
    others = len(gaps) - _SHOWN_REASONS
    return ", ".join(words) + (f" and {number(others, 'other reason')}" if others > 0 else "")


def place(at: Location) -> str:
    """``path:line:column``, without what is unknown."""
    numbers = [str(part) for part in (at.line, at.column if at.line else 0) if part]
    return ":".join([at.path or "(project)", *numbers])


def crashes(outcomes: tuple[Outcome, ...]) -> tuple[Outcome, ...]:
    """The outcomes of checks that broke."""
    return tuple(outcome for outcome in outcomes if outcome.status is Status.CRASHED)


def heading(report: Report) -> str:
    """``conda-preflight 1.0: project``."""
    name = f"conda-preflight {report.version}".rstrip()
    return f"{name}: {report.subject}" if report.subject else name


def on(finding: Finding) -> str:
    """``target: a100, l4 and 3 more``, empty for what is about no target."""
    if not finding.targets:
        return ""
    word = "target" if len(finding.targets) == 1 else "targets"
    return f"{word}: {_some(finding.targets, _SHOWN_TARGETS)}"


def told(finding: Finding) -> str:
    """The message, and for which targets, in one text."""
    targets = on(finding)
    return f"{finding.problem.message} ({targets})" if targets else finding.problem.message


def together(findings: tuple[Finding, ...]) -> tuple[tuple[Finding, ...], ...]:
    """Findings of one rule, those of one group and place as one; in the order of their first."""
    groups: dict[object, list[Finding]] = {}
    for finding in findings:
        problem, own = finding.problem, len(groups)
        key = (problem.group, problem.location, finding.targets) if problem.group else own
        groups.setdefault(key, []).append(finding)
    return tuple(map(tuple, groups.values()))


def head(group: tuple[Finding, ...]) -> str:
    """What heads several findings: the words of their group and how many they are."""
    return f"{group[0].problem.group} ({len(group)})"


def name(group: tuple[Finding, ...]) -> str:
    """What one or several findings are about, with their number: ``pillow (12)``."""
    about = group[0].problem.about
    return about if len(group) == 1 else f"{about.partition(' ')[0]} ({len(group)})"


def stuck(report: Report) -> tuple[TargetVerdict, ...]:
    """The targets, those first on which it cannot run, then those that were not judged."""
    order = (Verdict.NO_GO, Verdict.UNKNOWN, Verdict.GO)
    return tuple(sorted(report.targets, key=lambda target: order.index(target.verdict)))


def standing(report: Report) -> str:
    """``2 targets GO, 1 NO-GO``, empty where no target was asked about."""
    parts = []
    for verdict, word in VERDICTS.items():
        if count := sum(target.verdict is verdict for target in report.targets):
            parts.append(f"{count} {word}")
    return f"{number(len(report.targets), 'target')}: {', '.join(parts)}" if parts else ""


def blame(target: TargetVerdict) -> str:
    """What stands in the way of a target, and how many rules could not tell."""
    why = dict.fromkeys(f"{about} ({rule})" for rule, about in target.blamed)
    parts = [_some(tuple(why), _SHOWN_BLAME)] if why else []
    if target.unchecked:
        parts.append(f"{number(target.unchecked, 'check')} could not tell")
    return "; ".join(parts)


def _some(names: tuple[str, ...], shown: int) -> str:
    rest = len(names) - shown
    return ", ".join(names[:shown]) + (f" and {rest} more" if rest > 0 else "")
