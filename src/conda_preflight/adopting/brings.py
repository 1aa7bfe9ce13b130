"""Who needs whom in an environment of which only names and versions are known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from conda_preflight.adopting.found import CONDA, PIP, Key, Line
from conda_preflight.facts import brought
from conda_preflight.facts.conda_projects import conda_projects, project_of
from conda_preflight.facts.names import normalized

_TORCH = "torch"


def needs(lines: tuple[Line, ...]) -> dict[Key, frozenset[Key]]:
    """For each line those of the others that it needs, by the tables."""
    here = {line.key for line in lines}
    by_project = _packages_of()
    found: dict[Key, frozenset[Key]] = {}
    for line in lines:
        names = _conda(line) if line.half == CONDA else _pip(line, by_project)
        found[line.key] = frozenset((line.half, name) for name in names) & here - {line.key}
    _libraries_of_torch(found)
    return found


def _conda(line: Line) -> Iterator[str]:
    rows = brought.conda_needs().get(line.name, ())
    yield from brought.needs_at(rows, line.version)
    yield from filter(brought.is_only_needed, brought.needs_ever(rows))


def _pip(line: Line, by_project: Mapping[str, list[str]]) -> Iterator[str]:
    """By wheels, and by conda's packages of the same project."""
    rows = brought.pip_needs().get(line.name, ())
    yield from brought.needs_at(rows, line.version)
    yield from filter(brought.is_only_needed, brought.needs_ever(rows))
    for package in by_project.get(line.name, ()):
        rows = brought.conda_needs().get(package, ())
        named = {*brought.needs_at(rows, line.version)}
        named |= {name for name in brought.needs_ever(rows) if brought.is_only_needed(name)}
        yield from (project_of(name) or normalized(name) for name in named)


def _packages_of() -> dict[str, list[str]]:
    """The conda packages of each project, and those that are called as it is."""
    found: dict[str, list[str]] = defaultdict(list)
    for package in brought.conda_needs():
        found[project_of(package) or normalized(package)].append(package)
    return found


def _libraries_of_torch(found: dict[Key, frozenset[Key]]) -> None:
    """The wheel of torch is bound to NVIDIA's wheels of its release."""
    torch = (PIP, _TORCH)
    if torch in found:
        parts = {key for key in found if key[0] == PIP and brought.is_part_of_torch(key[1])}
        found[torch] |= parts


def package_of(project: str) -> str:
    """The conda package of a project of PyPI where that is sure, else empty."""
    named = [package for package, name in conda_projects().items() if name == project]
    if project in named or not named:
        return project if project in named else ""
    return min(named, key=lambda name: (len(name), name))
