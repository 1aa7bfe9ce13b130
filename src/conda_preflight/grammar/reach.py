"""Which packages of a lock some roots bring in, by the dependencies that the lock records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from conda_preflight.documents import Package
from conda_preflight.facts.names import normalized
from conda_preflight.grammar.pip_deviation import by_project
from conda_preflight.pattern import lazy_pattern

_NAME = lazy_pattern(r"\s*(?:[^\s\[]*::)?([A-Za-z0-9_][\w.\-]*)")


class Graph:
    """The packages of one platform, and who depends on whom; virtual packages are left out."""

    def __init__(self, packages: Iterable[Package]) -> None:
        everything = list(packages)
        self.conda = {p.name: p for p in everything if p.manager == "conda"}
        self.pip = {p.name: p for p in everything if p.manager == "pypi"}
        self._projects = by_project(list(self.conda.values()))

    def find(self, name: str, manager: str) -> Package | None:
        """The package that a name means to a manager; pip takes what conda brings as well."""
        if manager == "conda":
            return self.conda.get(name.lower())
        project = normalized(name)
        return self.pip.get(project) or self._projects.get(project)

    def needs(self, package: Package) -> list[Package]:
        """The packages here that one depends on."""
        names = (dependency_name(text) for text in package.depends)
        found = (self.find(name, package.manager) for name in names if name)
        return [other for other in found if other]

    def reached(self, roots: Iterable[Package]) -> set[Package]:
        """The roots and everything that they depend on."""
        seen: set[Package] = set()
        todo = list(roots)
        while todo:
            package = todo.pop()
            if package not in seen:
                seen.add(package)
                todo.extend(self.needs(package))
        return seen

    def tops(self, packages: Mapping[Package, None]) -> dict[Package, int]:
        """Those that no other of these needs, each with how many of them it brings besides itself.

        Of a circle the first counts.
        """
        needed = {n for p in packages for n in self.needs(p) if n is not p}
        first = [p for p in packages if p not in needed]
        left, found = dict.fromkeys(packages), dict[Package, int]()
        for package in (*first, *packages):
            if package in left:
                brought = [p for p in self.reached([package]) if p in left]
                found[package] = len(brought) - 1
                for one in brought:
                    del left[one]
        return found


@lru_cache(maxsize=65536)
def dependency_name(text: str) -> str:
    """``numpy`` of ``numpy >=1.26,<3`` and of ``numpy[extra]>=1 ; python_version < "3"``."""
    match = _NAME.match(text)
    return match[1] if match else ""
