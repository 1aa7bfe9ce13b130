"""What one part of the code may import: what its manifests ask for, and what their lock holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from conda_preflight.documents import Lock, Manifest, Package, Project, Requirement, Requirements
from conda_preflight.facts.names import normalized, projects_of
from conda_preflight.facts.not_imported import BROUGHT_TOGETHER
from conda_preflight.grammar.included import followed
from conda_preflight.grammar.purl import pypi_projects
from conda_preflight.importing.beyond import Beyond
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import document_type

_MINOR = lazy_pattern(r"(?:==?|~=)?\s*3\.([0-9]{1,2})(?:\..*|\*)?")
_UNNAMED = ("url", "vcs", "path", "invalid")
_PART = lazy_pattern(r"(.+)-(?:minimal|core|base|default|full|standard|cpu|gpu|lite)")

Asker = Manifest | Requirements


@document_type
class Environment:
    """What is asked for and locked for some files; names are those of PyPI, and conda's own.

    ``asked`` are the names that ``manifests`` ask for; ``elsewhere`` those of the project's
    other files. ``locked`` maps the names that are locked or installed to their packages, and
    is None where that is not known; ``minor`` is Python's minor version, None unknown.
    ``open_ended`` is true where something is installed that no lock here holds.
    """

    manifests: tuple[Asker, ...]
    asked: frozenset[str]
    elsewhere: frozenset[str]
    locked: dict[str, Package] | None
    minor: int | None
    open_ended: bool

    @property
    def present(self) -> frozenset[str]:
        """All names that are known to be there or asked for."""
        return self.asked | self.elsewhere | frozenset(self.locked or ())


def environment(
    manifests: tuple[Asker, ...],
    project: Project,
    beyond: Beyond,
    installed: dict[str, Package] | None,
) -> Environment:
    """The environment that manifests make; ``installed`` are the packages of an audited prefix."""
    lines = [r for m in manifests for r in _lines(m, project)]
    itself = any(r.kind == "path" and r.url.rstrip("/") in ("", ".", "..") for r in lines)
    asked = {n for m in manifests if isinstance(m, Manifest) for n in _conda_names(m)}
    asked |= named(lines) | (beyond.own if itself else set())
    locks = _locks(manifests, project)
    locked = installed or (
        _locked(locks, project) if _is_whole(locks, manifests, project) else None
    )
    unnamed = any(r.kind in _UNNAMED and not r.name and not itself for r in lines)
    more = beyond.installed - asked - frozenset(locked or ())
    return Environment(
        manifests=manifests,
        asked=frozenset(_with_parts(asked)),
        elsewhere=frozenset((beyond.asked | _others(manifests, project)) - asked),
        locked=locked,
        minor=_minor(locks, manifests),
        open_ended=unnamed or (itself and beyond.open_ended) or (bool(more) and not installed),
    )


def names_of(package: Package) -> tuple[str, ...]:
    """The PyPI names of what a package brings, by its purls or by tables, and its own name."""
    own = normalized(package.name)
    if package.manager == "pypi":
        return (own,)
    projects = pypi_projects(package) or projects_of(package.name)
    return tuple(dict.fromkeys((*projects, own, *_whole_of(own))))


def named(lines: Iterable[Requirement]) -> set[str]:
    """The projects of pip lines, and their extras, which are often called as what they bring."""
    kept = list(lines)
    found = {line.name for line in kept if line.name}
    return found | {normalized(extra) for line in kept for extra in line.extras}


def _lines(manifest: Asker, project: Project) -> Iterator[Requirement]:
    yield from manifest.pip
    for file in followed(manifest, project):
        yield from file.pip


def _conda_names(manifest: Manifest) -> Iterator[str]:
    for spec in manifest.specs:
        if spec.name:
            own = normalized(spec.name)
            yield from (*projects_of(spec.name), own, *_whole_of(own))


def _whole_of(name: str) -> tuple[str, ...]:
    """``snakemake`` for ``snakemake-minimal``: conda packages that are one project in parts."""
    found = _PART.fullmatch(name[:100])
    return (found[1],) if found else ()


def _others(manifests: Sequence[Asker], project: Project) -> set[str]:
    """What other manifests of the project ask for."""
    others = [m for m in project.of(Manifest) if m not in manifests]
    return {n for m in others for n in _conda_names(m)} | named(r for m in others for r in m.pip)


def _with_parts(names: set[str]) -> set[str]:
    return names | {part for name in names for part in BROUGHT_TOGETHER.get(name, ())}


def _locks(manifests: Sequence[Asker], project: Project) -> list[Lock]:
    found = [x for m in manifests if isinstance(m, Manifest) for x in project.locks_of(m)]
    return list(dict.fromkeys(found))


def _is_whole(locks: Sequence[Lock], manifests: Sequence[Asker], project: Project) -> bool:
    """Whether locks hold all that the manifests bring, pip's half too."""
    if not locks or any(not lock.packages for lock in locks):
        return False
    asks = any(r.name for m in manifests for r in m.pip)
    pins = any(p.manager == "pypi" for lock in locks for p in lock.packages)
    return pins or not asks or any(half.hashed for half in project.of(Requirements))


def _locked(locks: Iterable[Lock], project: Project) -> dict[str, Package]:
    found: dict[str, Package] = {}
    for lock in locks:
        for package in lock.packages:
            for name in names_of(package):
                found.setdefault(name, package)
    for half in project.of(Requirements):
        if half.hashed:
            pins = (Package("pypi", r.name, "", r.location) for r in half.pip if r.name)
            found.update({pin.name: pin for pin in pins if pin.name not in found})
    return found


def _minor(locks: Iterable[Lock], manifests: Iterable[Asker]) -> int | None:
    versions = [p.version for lock in locks for p in lock.named("python")]
    whole = [m for m in manifests if isinstance(m, Manifest)]
    versions = versions or [s.version or "" for m in whole for s in m.named("python")]
    minors = {int(found[1]) for v in versions if (found := _MINOR.fullmatch(v[:40]))}
    return minors.pop() if len(minors) == 1 and all(map(_MINOR.fullmatch, versions)) else None
