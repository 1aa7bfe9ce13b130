"""The whole flow: documents meet checks, policy weighs what was found, a Report says it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from conda_preflight import __version__, policy
from conda_preflight.access import HOW, NAMES
from conda_preflight.catalog import selected
from conda_preflight.check import Check, Skip
from conda_preflight.config import Settings
from conda_preflight.documents import (
    Document,
    Host,
    Lock,
    Manifest,
    Package,
    Prefix,
    Project,
    Source,
)
from conda_preflight.grammar.url import redact
from conda_preflight.plain import document_type
from conda_preflight.report import (
    Finding,
    Input,
    Outcome,
    Problem,
    Report,
    Status,
    Verdict,
    fingerprint,
)

MAX_FINDINGS = 1000
"""Problems that one check may tell about one document; more are counted, not shown."""

JUDGED = ("Manifest", "Requirements", "Lock", "Prefix", "Dockerfile", "Condarc")
"""Documents that make an audit: without one of them nothing was judged."""

_ARTICLES = {"Waiver": "waiver", "Host": "target (a Host)", "Condarc": ".condarc"}


_HOW = dict.fromkeys(NAMES, HOW)
"""How a person has what a check needs and no document is."""


@document_type
class _Ground:
    """What all checks of one audit share."""

    project: Project
    settings: Settings
    sources: Mapping[str, Source]
    engines: Mapping[str, object]


def audit(
    project: Project,
    settings: Settings,
    today: date,
    checks: Sequence[Check] | None = None,
    engines: Mapping[str, object] | None = None,
) -> Report:
    """One audit of documents that are already read; the same values give the same report.

    ``checks`` are the catalogue's selected ones unless others are given; ``engines`` are
    what checks may ask of the world, by type name, as ``access.engines`` gives them: a text
    says why there is none.
    """
    chosen = selected(settings.select, settings.ignore) if checks is None else checks
    lines = {doc.path: doc for doc in project.of(Source)}
    ground = _Ground(project, settings, lines, engines or {})
    first = [c for c in chosen if "Waiver" not in c.rule.examines]
    last = [c for c in chosen if "Waiver" in c.rule.examines]
    outcomes = _run_all(first, ground)
    exceptions = policy.exceptions(project.of(Source), settings)
    outcomes, waivers = policy.mute(outcomes, exceptions, settings, chosen, today)
    later = replace(project, documents=(*project.documents, *waivers))
    outcomes += _run_all(last, replace(ground, project=later))
    verdict, reasons = _verdict(outcomes, project, settings)
    return Report(
        verdict=verdict,
        reasons=tuple(reasons),
        rules=tuple(check.rule for check in chosen),
        outcomes=tuple(outcomes),
        inputs=tuple(_inputs(project, ground.engines.get("Verifications"))),
        subject=project.name or project.path,
        fail_on=settings.fail_on,
        version=__version__,
    )


def _run_all(checks: Iterable[Check], ground: _Ground) -> list[Outcome]:
    by_type: dict[str, list[Document]] = {"Project": [ground.project]}
    for document in ground.project.documents:
        by_type.setdefault(type(document).__name__, []).append(document)
    outcomes = []
    for check in checks:
        subjects = [doc for name in check.rule.examines for doc in by_type.get(name, ())]
        if not subjects:
            reason = f"no {_kinds(check.rule.examines)} here"
            outcomes.append(Outcome(check.rule.id, "", Status.SKIPPED, reason=reason))
        outcomes.extend(_run(check, subject, ground) for subject in subjects)
    return outcomes


def _run(check: Check, subject: Document, ground: _Ground) -> Outcome:
    rule = check.rule
    needed = [_need(name, subject, ground) for name in rule.needs]
    if reason := next((each for each in needed if isinstance(each, str)), ""):
        return Outcome(rule.id, subject.path, Status.SKIPPED, reason=reason)
    try:
        problems = list(check.function(subject, *needed, **_options(check, ground.settings)))
    except Skip as skip:
        return Outcome(rule.id, subject.path, Status.SKIPPED, reason=redact(str(skip)))
    except Exception as error:  # noqa: BLE001  (one broken check must not end an audit)
        reason = redact(f"{type(error).__name__}: {error}"[:400])
        return Outcome(rule.id, subject.path, Status.CRASHED, reason=reason)
    findings = tuple(_finding(check, problem, ground) for problem in problems)
    status = Status.FAILED if findings else Status.PASSED
    reason = f"{len(findings)} problems, the first {MAX_FINDINGS} are shown"
    shown = len(findings) > MAX_FINDINGS
    return Outcome(rule.id, subject.path, status, findings[:MAX_FINDINGS], reason if shown else "")


def _need(name: str, subject: Document, ground: _Ground) -> object:
    """What a check asks for beside its subject, or a text that says why it is not here."""
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


def _only_host(_: Document, project: Project) -> Host | None:
    return next(iter(project.of(Host)), None)


_PARTNERS: dict[str, Callable[[Document, Project], object | None]] = {
    "Project": lambda _, project: project,
    "Manifest": _partner_manifest,
    "Lock": _partner_lock,
    "Prefix": _only_prefix,
    "Host": _only_host,
}


def _options(check: Check, settings: Settings) -> dict[str, object]:
    given = settings.rules.get(check.rule.id, {})
    return {key: given[key] for key in check.defaults if key in given}


def _finding(check: Check, problem: Problem, ground: _Ground) -> Finding:
    rule, at = check.rule, problem.location
    source = ground.sources.get(at.path)
    weight = ground.settings.severities.get(rule.id) or problem.severity or rule.severity
    clean = replace(
        problem,
        about=redact(problem.about),
        message=redact(problem.message),
        fix=redact(problem.fix),
    )
    return Finding(
        rule=rule.id,
        severity=weight,
        problem=clean,
        excerpt=redact(source.line(at.line)[:2000]) if source else "",
        fingerprint=fingerprint(rule.id, at.path, clean.about),
    )


def _verdict(
    outcomes: Sequence[Outcome], project: Project, settings: Settings
) -> tuple[Verdict, list[str]]:
    """NO-GO where something is wrong for sure, UNKNOWN where too little was judged, else GO."""
    left = [f for o in outcomes for f in o.findings if not f.muted]
    failing = [f for f in left if f.severity.rank >= settings.fail_on.rank]
    judged = any(type(doc).__name__ in JUDGED for doc in project.documents)
    sure = [f for f in failing if judged or f.rule != "input/unreadable"]
    if sure:
        count = Counter(f.severity.value for f in sure)
        return Verdict.NO_GO, [f"{n} {word}{'s' * (n > 1)}" for word, n in count.items()]
    reasons = [] if judged else ["nothing here could be audited"]
    reasons += [f"{o.rule} crashed on {o.subject}" for o in outcomes if o.status is Status.CRASHED]
    reasons += [f"the required family {name} was skipped" for name in _unmet(outcomes, settings)]
    return (Verdict.UNKNOWN if reasons else Verdict.GO), reasons


def _unmet(outcomes: Iterable[Outcome], settings: Settings) -> list[str]:
    ran = {o.rule.partition("/")[0] for o in outcomes if o.status in (Status.PASSED, Status.FAILED)}
    return [name for name in settings.require if name not in ran]


def _kinds(names: Sequence[str]) -> str:
    return " or ".join(_ARTICLES.get(name, name) for name in names)


def _inputs(project: Project, verifications: object) -> list[Input]:
    """One row per file or prefix, with what it was taken for."""
    by_path: dict[str, list[Document]] = {}
    for document in project.documents:
        if not isinstance(document, Source):
            by_path.setdefault(document.path, []).append(document)
    rows = [_input(s.path, s.sha256, by_path.get(s.path, [])) for s in project.of(Source)]
    for prefix in project.of(Prefix):
        row = _input(prefix.path, "", by_path[prefix.path])
        rows.append(replace(row, note=_note(prefix, verifications)))
    return sorted(rows, key=lambda row: row.path)


def _note(prefix: Prefix, verifications: object) -> str:
    """How far the files of a prefix were verified, empty where no check asked."""
    from conda_preflight.accounting.verifications import Verifications

    done = verifications.done(prefix) if isinstance(verifications, Verifications) else None
    return done.summary if done else ""


def _input(path: str, sha256: str, docs: Sequence[Document]) -> Input:
    kinds = [str(getattr(d, "kind", type(d).__name__.lower())) for d in docs]
    locks = [d for d in docs if isinstance(d, Lock | Prefix)]
    entries = next((d.entries for d in locks if isinstance(d, Lock)), {})
    kind = kinds[0] if kinds else "unknown"
    return Input(path, kind, sha256, _count(p for d in locks for p in d.packages), entries)


def _count(packages: Iterable[Package]) -> dict[str, dict[str, int]]:
    """Distinct packages by platform and manager, over all environments of a file."""
    seen = {
        (p.platform or p.subdir or "any", p.manager, p.name, p.version, p.build, p.url)
        for p in packages
    }
    table: dict[str, dict[str, int]] = {}
    for platform, manager, *_ in sorted(seen):
        row = table.setdefault(platform, {})
        row[manager] = row.get(manager, 0) + 1
    return table
