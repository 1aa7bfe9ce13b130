"""Which packages of a document have a version that can be looked up, each once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from conda_preflight.documents import (
    Lock,
    Manifest,
    Package,
    Prefix,
    Requirement,
    Requirements,
    Sbom,
)
from conda_preflight.grammar import conda_version, pep440

Subject: TypeAlias = Manifest | Requirements | Lock | Prefix | Sbom


def packages_of(subject: Subject) -> tuple[Package, ...]:
    """The packages with a version, by the first place where each of them stands.

    Of a manifest these are what it asks for in one version only. A package that several
    platforms or environments have in one version is one.
    """
    found: dict[tuple[str, str, str], Package] = {}
    for package in _packages(subject):
        found.setdefault((package.manager, package.name, package.version), package)
    return tuple(found.values())


def unpinned(subject: Subject) -> tuple[str, ...]:
    """The names of what is asked for without one version, each once."""
    if isinstance(subject, Lock | Prefix | Sbom):
        return tuple(dict.fromkeys(p.name for p in subject.packages if not p.version))
    pinned = {(p.manager, p.name) for p in _packages(subject)}
    specs = subject.specs if isinstance(subject, Manifest) else ()
    asked = [("conda", spec.name) for spec in specs if spec.name]
    asked += [("pypi", line.name) for line in subject.pip if line.name]
    return tuple(dict.fromkeys(name for manager, name in asked if (manager, name) not in pinned))


def _packages(subject: Subject) -> Iterable[Package]:
    if isinstance(subject, Lock | Prefix | Sbom):
        return (package for package in subject.packages if package.version)
    if isinstance(subject, Requirements):
        return _lines(subject.pip)
    return (*_specs(subject), *_lines(subject.pip))


def _specs(manifest: Manifest) -> Iterator[Package]:
    """``name==1.2.3`` and what people mean by it, ``name=1.2.3``."""
    for spec in manifest.specs:
        version = spec.version or ""
        numbers = version.lstrip("=")
        whole = conda_version.is_exact(version) or conda_version.pinned(version, 3)
        if whole and numbers and not set("<>~!*,|^$ ") & set(numbers):
            yield Package("conda", spec.name, numbers, spec.location, build=spec.build or "")


def _lines(lines: Iterable[Requirement]) -> Iterator[Package]:
    for line in lines:
        version = line.specifier.lstrip("= ")
        if line.kind == "name" and pep440.is_exact(line.specifier) and "," not in version:
            yield Package("pypi", line.name, version, line.location)
