"""Whether the packages of a prefix, conda's and pip's together, have what they need.

A conda package over which pip has put its project counts with pip's version, and what conda's
record of it needs does not count any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from conda_preflight.documents import Location, Package, Prefix, Spec
from conda_preflight.facts.names import normalized
from conda_preflight.grammar import conda_version, marker, pep440
from conda_preflight.grammar.demand import violated
from conda_preflight.grammar.match_spec import parse
from conda_preflight.grammar.need import conda_need, pip_need
from conda_preflight.plain import document_type

_NOWHERE = Location("")


@document_type
class Unmet:
    """A package that needs, or excludes, what another is; ``found`` is empty where it is missing.

    ``needed`` is the name that is asked for, ``asked`` the whole line, ``found`` the version that
    is there with its manager.
    """

    package: Package
    needed: str
    asked: str
    found: str = ""


@document_type
class _There:
    """What is installed: conda's packages by name, and projects with their versions."""

    conda: dict[str, Package]
    replaced: dict[str, Package]
    projects: dict[str, tuple[str, str]]


def unmet(prefix: Prefix) -> Iterator[Unmet]:
    """Dependencies that are missing, or there in a version that does not do."""
    there = _there(prefix)
    subdir = next((p.subdir for p in prefix.packages if p.subdir not in ("", "noarch")), "linux-64")
    python = there.conda["python"].version if "python" in there.conda else ""
    for package in prefix.packages:
        if package.manager == "conda":
            if package.name not in there.replaced:
                yield from _conda(package, package.depends, there, must=True)
        else:
            yield from _pip(package, there, subdir, python)


def violated_constraints(prefix: Prefix) -> Iterator[Unmet]:
    """Packages that are there although another one excludes them in that version."""
    there = _there(prefix)
    for package in prefix.packages:
        if package.manager == "conda" and package.name not in there.replaced:
            yield from _conda(package, package.constrains, there, must=False)


def _there(prefix: Prefix) -> _There:
    conda = {p.name: p for p in prefix.packages if p.manager == "conda"}
    projects = {name: (version, "conda") for name, (version, _) in prefix.projects.items()}
    projects |= {p.name: (p.version, "pip") for p in prefix.packages if p.manager == "pypi"}
    return _There(conda, {r.conda.name: r.project for r in prefix.replaced}, projects)


@lru_cache(maxsize=16384)
def _spec(text: str) -> Spec:
    return parse(text, _NOWHERE)


def _conda(
    package: Package, lines: tuple[str, ...], there: _There, *, must: bool
) -> Iterator[Unmet]:
    for text in lines:
        need = conda_need(text)
        if need is None or need.name.startswith("__"):
            continue
        other, over = there.conda.get(need.name), there.replaced.get(need.name)
        project = there.projects.get(normalized(need.name))
        if over or (other is None and project and project[1] == "pip"):
            version = over.version if over else project[0] if project else ""
            asked = _spec(text).version
            if asked and version and conda_version.matches(asked, version) is False:
                yield Unmet(package, need.name, text, f"{version} (pip)")
        elif other is None:
            if must:
                yield Unmet(package, need.name, text)
        elif need.constraint and violated(_spec(text), other) in ("version", "build"):
            yield Unmet(package, need.name, text, f"{other.version} {other.build}".strip())


def _pip(package: Package, there: _There, subdir: str, python: str) -> Iterator[Unmet]:
    for text in package.depends:
        need = pip_need(text)
        if need is None or need.when:
            continue
        if need.marker and marker.holds(need.marker, subdir, python) is not True:
            continue
        found = there.projects.get(need.name)
        if found is None:
            yield Unmet(package, need.name, text)
        elif need.constraint and not need.constraint.startswith("@"):
            version, manager = found
            if version and pep440.versions_allow(need.constraint, version) is False:
                yield Unmet(package, need.name, text, f"{version} ({manager})")
