"""``docs``: an environment in plain values, from the files of its project alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from conda_preflight.access import engines
from conda_preflight.answers.docs_description import Description, LockFile
from conda_preflight.audit import audit
from conda_preflight.catalog import checks
from conda_preflight.config import Settings
from conda_preflight.describing.contents import contents, key_packages
from conda_preflight.describing.technology import asked_technologies, technologies
from conda_preflight.documents import (
    Condarc,
    Dockerfile,
    Lock,
    Manifest,
    Project,
    Requirements,
    Source,
    Waiver,
)
from conda_preflight.grammar.url import redact
from conda_preflight.installation import Installation, declared
from conda_preflight.policy import exceptions, mute
from conda_preflight.project import open_project
from conda_preflight.report import Report, Verdict
from conda_preflight.selection import Choice, Subject, place_of, select
from conda_preflight.writers.wording import VERDICTS, counts

_NOT_ASKED = "the environment is described by its files alone"
_MACHINES_OWN = ("Vulnerabilities", "Hadolint", "Policies")
"""What checks may ask that another machine has in another release, or not at all."""
_OWN = "docs"
"""The family that judges the section itself, and so cannot be a part of it."""


def described(root: Path, settings: Settings, today: date) -> Description:
    """The environment of a project; raises UsageError where there is none, or several to choose."""
    project = open_project(root, settings)
    choice = Choice(lock=settings.lock, manifest=settings.manifest)
    subject = select(str(root), project.documents, choice, root)
    locks = _locks(subject, project)
    manifests = [m for m in subject.manifests if isinstance(m, Manifest)]
    installed = subject.installations
    report = _report(project, root, settings, today)
    return Description(
        name=_name(manifests, project, locks),
        manifests=tuple(dict.fromkeys(m.path for m in subject.manifests)),
        locks=locks,
        platforms=_platforms(subject, manifests),
        environments=tuple(dict.fromkeys(filter(None, (o.place.environment for o in installed)))),
        channels=_channels(manifests, project, locks),
        technologies=technologies(installed) if installed else asked_technologies(manifests),
        contents=contents(installed),
        packages=key_packages(installed or [_declared(m) for m in subject.manifests]),
        settings=_settings(project, manifests, settings, locks),
        verdict=VERDICTS[report.verdict],
        because=_because(report),
        targets=_targets(report),
        waivers=_waivers(project, settings, today),
        has_image=any(dockerfile.path == "Dockerfile" for dockerfile in project.of(Dockerfile)),
    )


def _declared(manifest: Manifest | Requirements) -> Installation:
    return replace(declared(manifest, place_of(manifest)), packages=())


def _report(project: Project, root: Path, settings: Settings, today: date) -> Report:
    """The audit that says the same on every machine: no network, no database, no git."""
    chosen = replace(settings, solve=False, require=(), ignore=(*settings.ignore, _OWN))
    apart = replace(project, tracked=None)
    asked = dict(engines(apart, root, chosen, offline=True))
    asked.update(dict.fromkeys(_MACHINES_OWN, _NOT_ASKED))
    return audit(apart, chosen, today, engines=asked)


def _locks(subject: Subject, project: Project) -> tuple[LockFile, ...]:
    """The files from which the packages were read, with the digests of their bytes."""
    paths = {p.location.path for one in subject.installations for p in one.packages}
    digests = {source.path: source.sha256 for source in project.of(Source)}
    files = [
        LockFile(x.path, x.kind, digests.get(x.path, ""), x.platforms) for x in project.of(Lock)
    ]
    files += [
        LockFile(half.path, "requirements", digests.get(half.path, ""))
        for half in project.of(Requirements)
    ]
    return tuple({file.path: file for file in reversed(files) if file.path in paths}.values())[::-1]


def _name(manifests: Sequence[Manifest], project: Project, locks: Sequence[LockFile]) -> str:
    """The one name that the manifests give, else that of a lock; none of a pixi workspace."""
    named = {m.name.text for m in manifests if m.name and not m.environment}
    paths = {file.path for file in locks if file.kind != "pixi.lock"}
    named = named or {lock.name for lock in project.of(Lock) if lock.path in paths and lock.name}
    return next(iter(named)) if len(named) == 1 else ""


def _platforms(subject: Subject, manifests: Sequence[Manifest]) -> tuple[str, ...]:
    locked = [one.place.platform for one in subject.installations]
    asked = [name.text for manifest in manifests for name in manifest.platforms]
    return tuple(dict.fromkeys(filter(None, locked or asked)))


def _channels(
    manifests: Sequence[Manifest], project: Project, locks: Sequence[LockFile]
) -> tuple[str, ...]:
    asked = [channel.text for manifest in manifests for channel in manifest.channels]
    paths = {file.path for file in locks}
    locked = [c.text for lock in project.of(Lock) if lock.path in paths for c in lock.channels]
    return tuple(dict.fromkeys(map(redact, asked or locked)))


def _settings(
    project: Project,
    manifests: Sequence[Manifest],
    settings: Settings,
    locks: Sequence[LockFile],
) -> dict[str, tuple[str, ...]]:
    """What is special; of environment variables the names alone, since values may be secrets."""
    paths = {file.path for file in locks}
    mine = [lock for lock in project.of(Lock) if lock.path in paths]
    found = {
        "Environment variables": [v.text.partition("=")[0] for m in manifests for v in m.variables],
        "Channel priority": [settings.channel_priority or _priority(project)],
        "Options of pip": [f"{r.option} {r.value}" for m in manifests for r in m.pip if r.option],
        "Package indexes": [index for lock in mine for index in lock.indexes],
        "Solved for": [f"{v.name} {v.version}" for lock in mine for v in lock.virtual_packages],
    }
    return {kind: tuple(dict.fromkeys(map(redact, filter(None, w)))) for kind, w in found.items()}


def _priority(project: Project) -> str:
    """What the project's own .condarc says, where it lies at the top."""
    here = [c for c in project.of(Condarc) if "/" not in c.path]
    setting = here[0].get("channel_priority") if here else None
    return setting.value if setting and isinstance(setting.value, str) else ""


def _because(report: Report) -> tuple[str, ...]:
    """The rules that made a NO-GO, or why it is UNKNOWN."""
    if report.verdict is Verdict.UNKNOWN:
        return report.reasons
    return tuple(dict.fromkeys(f.rule for f in report.findings if counts(f, report.fail_on)))


def _targets(report: Report) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    return tuple(
        (
            target.name,
            VERDICTS[target.verdict],
            tuple(dict.fromkeys(f"{about} ({rule})" for rule, about in target.blamed)),
        )
        for target in report.targets
    )


def _waivers(project: Project, settings: Settings, today: date) -> tuple[Waiver, ...]:
    """The exceptions that hold today, whether anything was found that they are for or not."""
    written = exceptions(project.of(Source), replace(settings, vex=()))
    made = mute((), written, settings, checks(), today)[1]
    return tuple(waiver for waiver in made if not waiver.fault)
