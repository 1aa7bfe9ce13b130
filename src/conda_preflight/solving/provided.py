"""What a solved conda half gives to pip: Python projects under PyPI's names and versions."""

from __future__ import annotations

from collections.abc import Iterable

from conda_preflight.documents import Package
from conda_preflight.facts.names import normalized, projects_of
from conda_preflight.grammar.purl import pypi_projects
from conda_preflight.solving.pip_half import Provided

_PYTHONS = frozenset(("python", "python_abi", "python-gil"))


def provided(packages: Iterable[Package]) -> tuple[Provided, ...]:
    """The Python projects that conda installs, by name: packages that need a Python.

    A record's own purls name the project, else the name map, else the package's name.
    """
    found = {
        name: Provided(name, package.version)
        for package in packages
        if package.manager == "conda" and _is_python_project(package)
        for name in _projects(package)
    }
    return tuple(found[name] for name in sorted(found))


def _is_python_project(package: Package) -> bool:
    needs = {text.split(" ", 1)[0].split("[", 1)[0] for text in package.depends}
    return package.noarch == "python" or bool(needs & _PYTHONS and package.name != "python")


def _projects(package: Package) -> tuple[str, ...]:
    first = (normalized(name) for name in projects_of(package.name)[:1])
    return pypi_projects(package) or tuple(first)
