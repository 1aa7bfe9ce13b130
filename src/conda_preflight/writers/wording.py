"""The sentences that several formats say alike; nothing here is escaped yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from conda_preflight.coverage import Count, Coverage, Gap, Phase, Tally
from conda_preflight.documents import Location
from conda_preflight.families import Family
from conda_preflight.language import ENGLISH, say, spoken, word
from conda_preflight.report import (
    Finding,
    Outcome,
    Report,
    Rule,
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
    return say(f"{{count}} {noun}" if count == 1 else f"{{count}} {noun}s", count=count)


def listed(words: Iterable[str]) -> str:
    """The words with what stands between words of a list."""
    return word(", ").join(words)


def named(names: Sequence[str], most: int) -> str:
    """The first of these names, and dots where there are more."""
    return several(names[:most]) + (word(", ...") if len(names) > most else "")


def several(names: Iterable[str]) -> str:
    """Names with what stands between names."""
    return word(", {name}").removesuffix("{name}").join(names)


def titles(families: Iterable[Family]) -> str:
    """What these phases of the checklist are called."""
    return several(word(family.title) for family in families)


def title(rule: Rule) -> str:
    """The summary of a rule in the language that is spoken."""
    if spoken() == ENGLISH:
        return rule.summary
    from conda_preflight.translation import sentence

    return sentence(rule.summary, spoken(), rule.id)


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
    muted = [say("{count} muted", count=tally.muted)] if tally.muted else []
    return listed(words + muted) or word("no findings")


def checks(count: Count) -> str:
    """How many checks ran, of how many, and what became of the rest."""
    ran = count.passed + count.failed
    parts = [
        say("{count} passed", count=count.passed),
        say("{count} failed", count=count.failed),
        say("{count} not checked", count=count.skipped),
    ]
    crashed = [say("{count} crashed", count=count.crashed)] if count.crashed else []
    what = listed(parts + crashed)
    return say(
        "{ran} of {all} ran: {what}", ran=ran, all=number(count.selected, "check"), what=what
    )


def seen(cover: Coverage) -> str:
    """``3 files read, 214 conda and 31 pypi packages``, and how far prefixes were verified."""
    packages = word(" and ").join(f"{count} {name}" for name, count in cover.packages.items())
    files = say("{files} read", files=number(cover.inputs, "file"))
    many = say("{managers} packages", managers=packages) if packages else word("no packages")
    return word(". ").join((listed((files, many)), *cover.notes))


def covered(cover: Coverage) -> str:
    """How many checks ran, and what was read, as two sentences."""
    return say("{checks}. {seen}.", checks=checks(cover.count), seen=seen(cover))


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
        parts.append(say("{checks} crashed", checks=number(count.crashed, "check")))
    if count.passed:
        parts.append(say("passed {checks}", checks=number(count.passed, "check")))
    if count.skipped:
        some = "not checked: {why}" if phase.skipped else "{count} not checked: {why}"
        parts.append(say(some, count=count.skipped, why=reasons(phase.gaps)))
    return word("; ").join(parts)


def reasons(gaps: tuple[Gap, ...]) -> str:
    """The most frequent reasons, and how many others there are."""
    words = [gap.reason for gap in gaps[:_SHOWN_REASONS]]
    others = len(gaps) - _SHOWN_REASONS
    more = number(others, "other reason")
    return (
        say("{words} and {more}", words=listed(words), more=more) if others > 0 else listed(words)
    )


def place(at: Location) -> str:
    """``path:line:column``, without what is unknown."""
    numbers = [str(part) for part in (at.line, at.column if at.line else 0) if part]
    return ":".join([at.path or word("(project)"), *numbers])


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
    some = "target: {names}" if len(finding.targets) == 1 else "targets: {names}"
    return say(some, names=_some(finding.targets, _SHOWN_TARGETS))


def told(finding: Finding) -> str:
    """The message, and for which targets, in one text."""
    targets = on(finding)
    message = finding.problem.message
    return say("{message} ({targets})", message=message, targets=targets) if targets else message


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
    for verdict, name in VERDICTS.items():
        if count := sum(target.verdict is verdict for target in report.targets):
            parts.append(say("{count} {verdict}", count=count, verdict=name))
    targets = number(len(report.targets), "target")
    return say("{targets}: {what}", targets=targets, what=listed(parts)) if parts else ""


def blame(target: TargetVerdict) -> str:
    """What stands in the way of a target, and how many rules could not tell."""
    why = dict.fromkeys(f"{about} ({rule})" for rule, about in target.blamed)
    parts = [_some(tuple(why), _SHOWN_BLAME)] if why else []
    if target.unchecked:
        checks = number(target.unchecked, "check")
        parts.append(say("{checks} could not tell", checks=checks))
    return word("; ").join(parts)


def _some(names: tuple[str, ...], shown: int) -> str:
    rest = len(names) - shown
    first = several(names[:shown])
    return say("{names} and {count} more", names=first, count=rest) if rest > 0 else first
