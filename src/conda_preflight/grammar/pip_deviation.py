"""Where the pip half of a lock is not what its manifests ask for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.documents import Lock, Manifest, Package, Requirement
from conda_preflight.facts.names import normalized, projects_of
from conda_preflight.grammar import pep440
from conda_preflight.grammar.demand import requirements_on
from conda_preflight.grammar.deviation import Deviation, platforms_of
from conda_preflight.grammar.purl import pypi_projects


def pip_deviations(manifests: Sequence[Manifest], lock: Lock) -> Iterator[Deviation]:
    """The pip requirements that the lock does not meet, by platform.

    A requirement may be met by a conda package of that project. Without any pip package
    the lock has no pip half, and nothing is missing in it.
    """
    has_half = any(p.manager == "pypi" for p in lock.packages)
    found = [d for p in platforms_of(lock) for d in _on(manifests, lock, p)]
    missing: dict[str, int] = {}
    for one in found:
        missing[one.name] = missing.get(one.name, 0) + (one.fault == "missing")
    everywhere = len(platforms_of(lock))
    for one in found:
        # pixi's tables for one platform are not told apart in a manifest
        partly = lock.kind == "pixi.lock" and missing[one.name] < everywhere
        if one.fault != "missing" or (has_half and not partly):
            yield one


def brought(package: Package) -> frozenset[str]:
    """The PyPI projects that a package brings, by its own record where it has one."""
    if package.manager == "pypi":
        return frozenset((package.name,))
    return frozenset(pypi_projects(package) or projects_of(package.name))


def _on(manifests: Sequence[Manifest], lock: Lock, platform: str) -> Iterator[Deviation]:
    if not any(manifest.pip for manifest in manifests):
        return
    here = [p for p in lock.packages if p.platform == platform]
    python = next((p.version for p in here if p.manager == "conda" and p.name == "python"), "")
    pip = {p.name: p for p in here if p.manager == "pypi"}
    conda = by_project([p for p in here if p.manager == "conda"])
    subdir = lock.subdirs.get(platform, platform)
    for manifest, req in requirements_on(manifests, subdir, python):
        package = pip.get(req.name) or conda.get(req.name)
        fault = _fault(req, package) if package else "missing"
        if fault:
            sure = manifest.kind != "pyproject.toml" or bool(manifest.environment)
            text = req.text.partition(" --hash")[0]
            yield Deviation(req.name, fault, text, req.location, platform, package, sure)


def by_project(packages: Sequence[Package]) -> dict[str, Package]:
    """Conda packages by their names, by what ``python-x`` may bring, and by their projects."""
    found = {normalized(p.name): p for p in packages}
    found |= {normalized(p.name.removeprefix("python-")): p for p in packages}
    return found | {project: p for p in packages for project in brought(p)}


def _fault(req: Requirement, package: Package) -> str:
    """Whether the version breaks the requirement; a conda package of another name may count so."""
    if not (req.kind == "name" and req.specifier and package.version):
        return ""
    renamed = package.manager == "conda" and (package.name != req.name or "+" in req.specifier)
    broken = not renamed and pep440.versions_allow(req.specifier, package.version) is False
    return "version" if broken else ""
