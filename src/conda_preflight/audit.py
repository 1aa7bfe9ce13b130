"""The whole flow: documents meet checks, policy weighs what was found, a Report says it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from conda_preflight import __version__, policy
from conda_preflight.catalog import selected
from conda_preflight.check import Check
from conda_preflight.config import Settings
from conda_preflight.coverage import families_run
from conda_preflight.documents import (
    Document,
    Host,
    Lock,
    Package,
    Prefix,
    Project,
    Sbom,
    Source,
    Workload,
)
from conda_preflight.meeting import Ground, run_all
from conda_preflight.report import (
    Finding,
    Input,
    Outcome,
    Report,
    Status,
    Verdict,
)
from conda_preflight.targets import verdicts

_TELLING = ("Verifications", "Vulnerabilities")
"""Engines whose answers say in a ``summary`` how much of a document they are about."""

JUDGED = ("Manifest", "Requirements", "Lock", "Prefix", "Sbom", "Dockerfile", "Workload", "Condarc")
"""Documents that make an audit: without one of them nothing was judged."""


def audit(
    project: Project,
    settings: Settings,
    today: date,
    checks: Sequence[Check] | None = None,
    engines: Mapping[str, object] | None = None,
    *,
    known: Callable[[Finding], str] | None = None,
) -> Report:
    """One audit of documents that are already read; the same values give the same report.

    ``checks`` are the catalogue's selected ones unless others are given; ``engines`` are
    what checks may ask of the world, by type name, as ``access.engines`` gives them: a text
    says why there is none. A finding for which ``known`` tells a reason is muted by it.
    """
    chosen = selected(settings.select, settings.ignore) if checks is None else checks
    lines = {doc.path: doc for doc in project.of(Source)}
    ground = Ground(project, settings, lines, {"date": today, **(engines or {})})
    first = [c for c in chosen if "Waiver" not in c.rule.examines]
    last = [c for c in chosen if "Waiver" in c.rule.examines]
    outcomes = run_all(first, ground)
    exceptions = policy.exceptions(project.of(Source), settings)
    outcomes, waivers = policy.mute(outcomes, exceptions, settings, chosen, today)
    later = replace(project, documents=(*project.documents, *waivers))
    outcomes += run_all(last, replace(ground, project=later))
    outcomes = policy.mute_known(outcomes, known) if known else outcomes
    verdict, reasons = _verdict(outcomes, project, settings, _troubles(ground))
    hosts = project.of(Host)
    return Report(
        verdict=verdict,
        reasons=tuple(reasons),
        rules=tuple(check.rule for check in chosen),
        outcomes=tuple(outcomes),
        inputs=tuple(_inputs(project, ground.engines)),
        subject=project.name or project.path,
        fail_on=settings.fail_on,
        version=__version__,
        targets=verdicts(outcomes, hosts, settings.fail_on) if hosts else (),
    )


def _troubles(ground: Ground) -> tuple[str, ...]:
    """Why what was asked for could not be told, where that is no choice of anybody."""
    asked = (ground.engines.get(name) for name in ("Vulnerabilities", "Policies"))
    return tuple(trouble for each in asked if (trouble := getattr(each, "trouble", "")))


def _verdict(
    outcomes: Sequence[Outcome], project: Project, settings: Settings, troubles: Sequence[str] = ()
) -> tuple[Verdict, list[str]]:
    """NO-GO where something is wrong for sure, UNKNOWN where too little was judged, else GO."""
    left = [f for o in outcomes for f in o.findings if not f.muted]
    failing = [f for f in left if f.severity.rank >= settings.fail_on.rank]
    judged = any(map(_is_judged, project.documents))
    sure = [f for f in failing if judged or f.rule != "input/unreadable"]
    if sure:
        count = Counter(f.severity.value for f in sure)
        return Verdict.NO_GO, [f"{n} {word}{'s' * (n > 1)}" for word, n in count.items()]
    reasons = [] if judged else ["nothing here could be audited"]
    reasons += troubles
    reasons += [f"{o.rule} crashed on {o.subject}" for o in outcomes if o.status is Status.CRASHED]
    reasons += [f"the required family {name} was skipped" for name in _unmet(outcomes, settings)]
    return (Verdict.UNKNOWN if reasons else Verdict.GO), reasons


def _is_judged(document: Document) -> bool:
    if isinstance(document, Host):
        return bool(document.node or document.trials)
    if isinstance(document, Workload):
        return not document.is_template
    return type(document).__name__ in JUDGED


def _unmet(outcomes: Iterable[Outcome], settings: Settings) -> list[str]:
    ran = families_run(outcomes)
    return [name for name in settings.require if name not in ran]


def _inputs(project: Project, engines: Mapping[str, object]) -> list[Input]:
    """One row per file, prefix or policy of the house, with what it was taken for."""
    by_path: dict[str, list[Document]] = {}
    for document in project.documents:
        if not isinstance(document, Source):
            by_path.setdefault(document.path, []).append(document)
    rows = [_input(s.path, s.sha256, by_path.get(s.path, [])) for s in project.of(Source)]
    rows += [_input(prefix.path, "", by_path[prefix.path]) for prefix in project.of(Prefix)]
    policies: Sequence[Source] = getattr(engines.get("Policies"), "inputs", ())
    rows += [Input(each.path, "policy", each.sha256) for each in policies]
    told = [replace(r, note=_note(by_path.get(r.path, ()), engines)) for r in rows]
    return sorted(told, key=lambda row: row.path)


def _note(documents: Iterable[Document], engines: Mapping[str, object]) -> str:
    """How far the documents of a path were verified and matched; empty where no check asked."""
    return ". ".join(
        dict.fromkeys(
            told
            for document in documents
            for name in _TELLING
            if (told := _told(engines.get(name), document))
        )
    )


def _told(engine: object, document: Document) -> str:
    """What an engine has to say of a document that it was asked about."""
    done = engine.done(document) if hasattr(engine, "done") else None
    return str(getattr(done, "summary", ""))


def _input(path: str, sha256: str, docs: Sequence[Document]) -> Input:
    kinds = [str(getattr(d, "kind", type(d).__name__.lower())) for d in docs]
    locks = [d for d in docs if isinstance(d, Lock | Prefix | Sbom)]
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
