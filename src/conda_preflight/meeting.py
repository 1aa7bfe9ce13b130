"""Checks meet documents: each on every document that it examines, with what it asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from conda_preflight.access import HOW, NAMES
from conda_preflight.check import Check, Skip
from conda_preflight.config import Settings
from conda_preflight.documents import Document, Host, Lock, Manifest, Prefix, Project, Source
from conda_preflight.grammar.url import redact
from conda_preflight.plain import document_type
from conda_preflight.report import Finding, Outcome, Problem, Status, fingerprint
from conda_preflight.targets import Alike, alike, merged

MAX_FINDINGS = 1000
"""Problems that one check may tell about one document; more are counted, not shown."""

_ARTICLES = {
    "Waiver": "waiver",
    "Host": "target (a Host)",
    "Condarc": ".condarc",
    "Revision": "manifest and lock of a revision (--since)",
}
_OF_PREFIX = ("Inventories", "Verifications", "Outsides", "Loaders", "Freezes")
_HOW = {
    **dict.fromkeys(NAMES, HOW),
    **dict.fromkeys(_OF_PREFIX, "needs an installed environment"),
    "Stacks": "needs a lock, an installed environment or requirements",
    "Policies": "no policy is named ([policy] rego, or --policy)",
}
"""How a person has what a check needs and no document is."""
_ANY = Alike(None, ())


@document_type
class Ground:
    """What all checks of one audit share."""

    project: Project
    settings: Settings
    sources: Mapping[str, Source]
    engines: Mapping[str, object]


def run_all(checks: Iterable[Check], ground: Ground) -> list[Outcome]:
    """What every check says about every document that it examines; of hosts, the probed ones."""
    by_type: dict[str, list[Document]] = {"Project": [ground.project]}
    for document in ground.project.documents:
        if not isinstance(document, Host) or document.node or document.trials:
            by_type.setdefault(type(document).__name__, []).append(document)
    hosts = ground.project.of(Host)
    outcomes: list[Outcome] = []
    for check in checks:
        subjects = [doc for name in check.rule.examines for doc in by_type.get(name, ())]
        if not subjects:
            is_probed = check.rule.examines == ("Host",)
            reason = (
                "no machine was probed" if is_probed else f"no {_kinds(check.rule.examines)} here"
            )
            outcomes.append(Outcome(check.rule.id, "", Status.SKIPPED, reason=reason))
        met = [each for subject in subjects for each in _run(check, subject, hosts, ground)]
        outcomes.extend(_said_once(met))
    return outcomes


def _said_once(outcomes: list[Outcome]) -> list[Outcome]:
    """The same with one outcome where environments of one file, as pixi's, got the same answer."""
    if len(outcomes) == 1:
        return outcomes
    alike: dict[tuple[object, ...], list[Outcome]] = {}
    for each in outcomes:
        alike.setdefault((each.subject, each.status, each.reason, each.targets), []).append(each)
    if len(alike) == len(outcomes):
        return outcomes
    return [
        replace(first, findings=_distinct([first, *others])) if others else first
        for first, *others in alike.values()
    ]


def _distinct(outcomes: Sequence[Outcome]) -> tuple[Finding, ...]:
    """Their findings without those in which a reader could see no difference."""
    seen: dict[tuple[object, ...], Finding] = {}
    for finding in (each for outcome in outcomes for each in outcome.findings):
        said = finding.problem
        key = (finding.fingerprint, finding.severity, repr(said.location), said.message, said.fix)
        seen.setdefault((*key, said.row, said.ids), finding)
    return tuple(seen.values())


def _run(check: Check, subject: Document, hosts: Sequence[Host], ground: Ground) -> list[Outcome]:
    """One outcome, or those of each group of targets that are alike to the check."""
    if isinstance(subject, Host):
        return [_meet(check, subject, Alike(None, (subject.title,)), ground)]
    if not hosts or "Host" not in check.rule.needs:
        return [_meet(check, subject, _ANY, ground)]
    return merged(_meet(check, subject, group, ground) for group in alike(hosts, check.reads))


def _meet(check: Check, subject: Document, group: Alike, ground: Ground) -> Outcome:
    rule = check.rule
    outcome = partial(Outcome, rule.id, subject.path, targets=group.names)
    needed = [_need(name, subject, group, ground) for name in rule.needs]
    if reason := next((each for each in needed if isinstance(each, str)), ""):
        return outcome(Status.SKIPPED, reason=reason)
    try:
        problems = list(check.function(subject, *needed, **_options(check, ground.settings)))
    except Skip as skip:
        return outcome(Status.SKIPPED, reason=redact(str(skip)))
    except Exception as error:  # noqa: BLE001  (one broken check must not end an audit)
        reason = redact(f"{type(error).__name__}: {error}"[:400])
        return outcome(Status.CRASHED, reason=reason)
    findings = tuple(_finding(check, problem, group, ground) for problem in problems)
    if not findings:
        return outcome(Status.PASSED)
    shown = len(findings) > MAX_FINDINGS
    reason = f"{len(findings)} problems, the first {MAX_FINDINGS} are shown" if shown else ""
    return outcome(Status.FAILED, findings=findings[:MAX_FINDINGS], reason=reason)


def _need(name: str, subject: Document, group: Alike, ground: Ground) -> object:
    """What a check asks for beside its subject, or a text that says why it is not here."""
    if name == "Host" and group.host:
        return group.host
    if finder := _PARTNERS.get(name):
        return finder(subject, ground.project) or f"needs a {_kinds((name,))}"
    return ground.engines.get(name) or _HOW.get(name) or f"needs a {_kinds((name,))}"


def _partner_manifest(subject: Document, project: Project) -> Manifest | None:
    if isinstance(subject, Lock):
        return project.manifest_of(subject)
    found = project.of(Manifest)
    return found[0] if len(found) == 1 else None


def _partner_lock(subject: Document, project: Project) -> Lock | None:
    if isinstance(subject, Manifest):
        return next(iter(project.locks_of(subject)), None)
    found = project.of(Lock)
    return found[0] if len(found) == 1 else None


def _only_prefix(_: Document, project: Project) -> Prefix | None:
    found = project.of(Prefix)
    return found[0] if len(found) == 1 else None


_PARTNERS: dict[str, Callable[[Document, Project], object | None]] = {
    "Project": lambda _, project: project,
    "Manifest": _partner_manifest,
    "Lock": _partner_lock,
    "Prefix": _only_prefix,
    "Host": lambda _, __: None,
}


def _options(check: Check, settings: Settings) -> dict[str, object]:
    given = settings.rules.get(check.rule.id, {})
    return {key: given[key] for key in check.defaults if key in given}


def _finding(check: Check, problem: Problem, group: Alike, ground: Ground) -> Finding:
    rule, at = check.rule, problem.location
    source = ground.sources.get(at.path)
    weight = ground.settings.severities.get(rule.id) or problem.severity or rule.severity
    clean = replace(
        problem,
        about=redact(problem.about),
        message=redact(problem.message),
        fix=redact(problem.fix),
        group=redact(problem.group),
        row=redact(problem.row),
    )
    return Finding(
        rule=rule.id,
        severity=weight,
        problem=clean,
        excerpt=redact(source.line(at.line)[:2000]) if source else "",
        fingerprint=fingerprint(rule.id, at.path, clean.about, *group.facts),
        targets=group.names,
    )


def _kinds(names: Sequence[str]) -> str:
    return " or ".join(_ARTICLES.get(name, name) for name in names)
