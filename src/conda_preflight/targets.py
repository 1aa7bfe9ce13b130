"""Many targets in one audit: which are alike to a check, and what is said about each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from operator import attrgetter

from conda_preflight.documents import Host, Location
from conda_preflight.plain import document_type
from conda_preflight.report import Finding, Outcome, Severity, Status, TargetVerdict, Verdict

_ALWAYS = ("os", "arch")
_FACTS = tuple(f.name for f in fields(Host) if f.name not in ("path", "location", "name"))
_SHEET = Location("the target")


@document_type
class Alike:
    """Targets that have the same facts; ``host`` holds these alone, ``facts`` are as text."""

    host: Host | None
    names: tuple[str, ...]
    facts: tuple[str, ...] = ()


def alike(hosts: Sequence[Host], reads: tuple[str, ...]) -> list[Alike]:
    """The targets in groups that agree in these facts, in the order in which they were named.

    Without any, they must agree in all.
    """
    keys = tuple(dict.fromkeys((*_ALWAYS, *reads))) if reads else _FACTS
    facts_of = attrgetter(*keys)
    groups: dict[tuple[object, ...], list[str]] = {}
    for host in hosts:
        groups.setdefault(facts_of(host), []).append(host.title)
    return [
        Alike(
            Host(path="the target", location=_SHEET, **dict(zip(keys, facts, strict=True))),  # type: ignore[arg-type]
            tuple(names),
            tuple(map(repr, facts)),
        )
        for facts, names in groups.items()
    ]


def merged(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """The same with one outcome for all targets that passed, or were skipped for one reason."""
    found: list[Outcome] = []
    quiet: dict[tuple[Status, str], list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.findings:
            found.append(outcome)
        else:
            quiet.setdefault((outcome.status, outcome.reason), []).append(outcome)
    for same in quiet.values():
        names = tuple(name for outcome in same for name in outcome.targets)
        found.append(replace(same[0], targets=names))
    return found


def verdicts(
    outcomes: Iterable[Outcome], hosts: Sequence[Host], fail_on: Severity
) -> tuple[TargetVerdict, ...]:
    """What was said about each target, by what is about targets alone."""
    blamed: dict[str, list[tuple[str, str]]] = {host.title: [] for host in hosts}
    passed: Counter[str] = Counter()
    unchecked: Counter[str] = Counter()
    crashed: set[str] = set()
    for outcome in outcomes:
        kind = unchecked if outcome.status is Status.SKIPPED else passed
        kind.update(outcome.targets)
        if outcome.status is Status.CRASHED:
            crashed.update(outcome.targets)
        for finding in outcome.findings:
            if _stops(finding, fail_on):
                for name in finding.targets:
                    blamed[name].append((finding.rule, finding.problem.about))
    return tuple(
        TargetVerdict(name, _verdict(why, name in crashed or not passed[name]), tuple(why), n)
        for name, why in blamed.items()
        for n in (unchecked[name],)
    )


def _verdict(blamed: Sequence[object], is_unsure: bool) -> Verdict:  # noqa: FBT001
    return Verdict.NO_GO if blamed else Verdict.UNKNOWN if is_unsure else Verdict.GO


def _stops(finding: Finding, fail_on: Severity) -> bool:
    return not finding.muted and finding.severity.rank >= fail_on.rank
