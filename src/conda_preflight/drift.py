"""What is installed against what was locked, or against what was asked for where no lock is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from conda_preflight.comparison import compare
from conda_preflight.dependency_graph import graph
from conda_preflight.documents import (
    Lock,
    Manifest,
    Package,
    Prefix,
    Project,
    Requirements,
)
from conda_preflight.errors import Skip
from conda_preflight.grammar.deviation import Deviation, conda_deviations
from conda_preflight.grammar.pip_deviation import pip_deviations
from conda_preflight.installation import (
    Installation,
    asks,
    of_lock,
    of_prefix,
    pip_half,
    with_pip_half,
)
from conda_preflight.plain import document_type

_CHOOSE = "several locks may be meant: name one with --lock"
_ALWAYS = frozenset(("pip", "setuptools", "wheel"))


@document_type
class Moved:
    """One package that is not as locked; ``kind`` is one of comparison's, one side may be None."""

    kind: str
    locked: Package | None
    installed: Package | None


def locked(prefix: Prefix, project: Project) -> tuple[Lock, Installation]:
    """The lock that a prefix must be like, and its packages on the platform of the prefix.

    Raises Skip where there is none, or several.
    """
    subdir = of_prefix(prefix).subdir
    found = [
        (lock, one)
        for lock in project.of(Lock)
        for one in of_lock(lock)
        if one.subdir in (subdir, "") or not subdir
    ]
    if not found:
        kind = f"a lock for {subdir}" if subdir and project.of(Lock) else "a Lock"
        raise Skip(f"needs {kind}")
    if len(found) > 1:
        found = [each for each in found if _is_named(each[0], prefix, project)]
        if len(found) != 1:
            raise Skip(_CHOOSE)
    lock, one = found[0]
    half = pip_half(lock, project.of(Requirements))
    return lock, with_pip_half(one, half) if half else one


def _is_named(lock: Lock, prefix: Prefix, project: Project) -> bool:
    """Whether the lock's environment is called as the folder of the prefix is."""
    manifest = project.manifest_of(lock)
    named = manifest.name.text if manifest and manifest.name else ""
    return prefix.path.rpartition("/")[2] in (lock.environment, lock.name, named)


def moved(prefix: Prefix, project: Project, *kinds: str) -> Iterator[Moved]:
    """The packages of these kinds of change; a project that replaced a conda package is none.

    A package of a category that need not be installed (conda-lock's "dev") is not missed.
    Raises Skip where no lock can be compared with.
    """
    lock, before = locked(prefix, project)
    replacing = {id(each.project) for each in prefix.replaced}
    covered = _declared_pip(prefix, project, lock, before)
    for change in compare([before], [of_prefix(prefix)], lone=True).changes:
        if change.kind not in kinds:
            continue
        for move in change.moves:
            is_over = id(move.new) in replacing and move.old is None
            is_optional = move.new is None and move.old and move.old.category != "main"
            if not is_over and not is_optional and not (move.old is None and move.new in covered):
                yield Moved(change.kind, move.old, move.new)


def _declared_pip(
    prefix: Prefix, project: Project, lock: Lock, before: Installation
) -> frozenset[Package]:
    """Pip's packages that a manifest asks for, where the lock has no pip half at all."""
    manifest = project.manifest_of(lock)
    if manifest is None or not manifest.pip or any(p.manager == "pypi" for p in before.packages):
        return frozenset()
    return frozenset(p for p in reached([manifest], prefix) if p.manager == "pypi")


def manifests(prefix: Prefix, project: Project) -> tuple[Manifest, ...]:
    """The manifests that a prefix without a lock must be like; raises Skip where none can tell."""
    found = [m for m in project.of(Manifest) if not m.partial]
    if len(found) > 1:
        folder = prefix.path.rpartition("/")[2]
        named = [m for m in found if folder in (m.environment, m.name.text if m.name else "")]
        found = named if len(named) == 1 else []
    if not found:
        raise Skip("needs one Manifest that the environment was made from")
    return tuple(found)


def without_lock(prefix: Prefix, project: Project) -> tuple[Manifest, ...]:
    """The same where there is no lock to compare with; raises Skip where there is one."""
    if project.of(Lock):
        raise Skip("there is a lock, and it is compared with")
    return manifests(prefix, project)


def reached(declared: Sequence[Manifest], prefix: Prefix) -> frozenset[Package]:
    """The packages that manifests ask for, and all that these need."""
    installation = of_prefix(prefix)
    found = graph(replace(installation, asked=asks(declared, installation)))
    todo = [package for package, _ in found.asked]
    todo += [p for p in found.packages if p.name in _ALWAYS]
    known: set[Package] = set()
    while todo:
        package = todo.pop()
        if package not in known:
            known.add(package)
            todo.extend(found.needs.get(package, ()))
    return frozenset(known)


def as_lock(prefix: Prefix) -> Lock:
    """A prefix in the form of a lock, for what judges locks by manifests."""
    subdir = of_prefix(prefix).subdir
    packages = tuple(replace(package, platform=subdir) for package in prefix.packages)
    platforms = (subdir,) if subdir else ()
    return Lock(prefix.path, "prefix", "", prefix.location, platforms, packages)


def deviations(prefix: Prefix, project: Project) -> Iterator[Deviation]:
    """What of a manifest an environment without a lock does not meet; raises Skip."""
    found = without_lock(prefix, project)
    lock = as_lock(prefix)
    yield from conda_deviations(found, lock)
    yield from pip_deviations(found, lock)
