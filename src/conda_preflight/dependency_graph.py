"""Who needs whom in one installation, conda's and pip's packages in one graph.

A conda package brings PyPI projects, so that what pip needs may be there by conda. What a
project needs for an extra counts when somebody asks for that extra; where nobody is known to,
it counts when all that the extra needs is there and something of it is needed by nobody else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field, replace

from conda_preflight.documents import Package
from conda_preflight.facts.names import normalized
from conda_preflight.grammar import marker
from conda_preflight.grammar.need import Need, conda_need, pip_need
from conda_preflight.grammar.pip_deviation import by_project
from conda_preflight.installation import NOWHERE, Ask, Installation
from conda_preflight.plain import document_type

MAX_CONSTRAINT = 300
"""Characters beyond which further constraints on the same package are left out."""
VIRTUAL = "virtual"
"""The manager of packages such as ``__glibc``, which the machine itself provides."""


@document_type
class Graph:
    """The packages, what each needs with its constraint, and those that were asked for.

    ``asked`` is in the order in which it was asked; what is not there is left out.
    """

    packages: tuple[Package, ...]
    needs: dict[Package, dict[Package, str]] = field(default_factory=dict)
    asked: tuple[tuple[Package, Ask], ...] = ()


def graph(installation: Installation) -> Graph:
    """The graph of an installation, in steps linear in its packages and dependencies."""
    return _Links(installation).graph()


class _Links:
    def __init__(self, installation: Installation) -> None:
        self._at = installation
        self._python = installation.python
        self._conda = {p.name: p for p in installation.packages if p.manager == "conda"}
        self._pip = {p.name: p for p in installation.packages if p.manager == "pypi"}
        self._projects = by_project(list(self._conda.values()))
        self._virtual: dict[str, Package] = {}
        self._needs: dict[Package, dict[Package, str]] = {}
        self._by_extra: dict[tuple[Package, str], list[Need]] = {}
        self._on: set[tuple[Package, str]] = set()

    def graph(self) -> Graph:
        packages = (*self._conda.values(), *self._pip.values())
        asked = [(found, ask) for ask in self._at.asked if (found := self._find_asked(ask))]
        wanted = [(package, extra) for package, ask in asked for extra in ask.extras]
        for package in packages:
            wanted.extend(self._link(package))
        self._switch_on(wanted)
        self._guess(package for package, _ in asked)
        everything = (*packages, *self._virtual.values())
        return Graph(everything, self._needs, tuple(asked))

    def _find_asked(self, ask: Ask) -> Package | None:
        if ask.manager == "conda":
            return self._conda.get(ask.name)
        return self._find_project(ask.name)

    def _find_project(self, name: str) -> Package | None:
        return self._pip.get(name) or self._projects.get(normalized(name))

    def _link(self, package: Package) -> Iterator[tuple[Package, str]]:
        """Add what a package needs in any case; the extras that it asks others for."""
        for text in package.depends:
            if package.manager == "conda":
                need = conda_need(text)
                if need and (target := self._find_conda(need.name)):
                    self._add(package, target, need.constraint)
            elif need := pip_need(text):
                yield from self._link_project(package, need)

    def _link_project(self, package: Package, need: Need) -> Iterator[tuple[Package, str]]:
        for extra in need.when:
            self._by_extra.setdefault((package, extra), []).append(need)
        target = self._find_project(need.name)
        if target and (not need.marker or self._holds(need)):
            self._add(package, target, need.constraint)
            yield from ((target, extra) for extra in need.extras)

    def _find_conda(self, name: str) -> Package | None:
        if not name.startswith("__") or name in self._conda:
            return self._conda.get(name)
        if name not in self._virtual:
            version = self._at.virtual.get(name, "")
            self._virtual[name] = Package(VIRTUAL, name, version, NOWHERE)
        return self._virtual[name]

    def _holds(self, need: Need, extra: str = "") -> bool:
        """Whether the marker holds here; one that nobody can judge is taken to hold."""
        if need.when and not extra:
            return marker.holds(need.marker, self._at.subdir, self._python) is True
        return marker.holds(need.marker, self._at.subdir, self._python, extra) is not False

    def _add(self, package: Package, target: Package, constraint: str) -> None:
        known = self._needs.setdefault(package, {})
        before = known.get(target, "")
        if before in constraint:
            known[target] = constraint
        elif len(before) < MAX_CONSTRAINT and constraint not in before:
            known[target] = f"{before}, {constraint}"

    def _switch_on(self, wanted: Iterable[tuple[Package, str]]) -> None:
        """Add what these extras need, and the extras that this asks for in turn."""
        todo = list(wanted)
        while todo:
            package, extra = key = todo.pop()
            if key in self._on:
                continue
            self._on.add(key)
            for need in self._by_extra.get(key, ()):
                target = self._find_project(need.name)
                if target and self._holds(need, extra):
                    if target is not package:
                        self._add(package, target, f"{need.constraint} (for [{extra}])".strip())
                    todo.extend((target, other) for other in need.extras)

    def _guess(self, asked: Iterable[Package]) -> None:
        """Switch on the extras without which something here would be needed by nobody."""
        needed = {target for targets in self._needs.values() for target in targets}
        orphans = set(self._pip.values()) - needed - set(asked)
        for key, needs in self._by_extra.items() if orphans else ():
            targets = [self._find_project(need.name) for need in needs]
            if key in self._on or orphans.isdisjoint(filter(None, targets)):
                continue
            missing = (need for need, t in zip(needs, targets, strict=True) if t is None)
            if not any(self._holds(need, key[1]) for need in missing):
                self._switch_on([key])
                orphans.difference_update(filter(None, targets))


def with_dependencies(installation: Installation, others: Iterable[Installation]) -> Installation:
    """The packages with what the same packages elsewhere need, where their own document is mute."""
    known = {
        _identity(p): p.depends
        for other in others
        for p in other.packages
        if p not in other.unlinked
    }
    unlinked = installation.unlinked
    filled = {p: replace(p, depends=known[_identity(p)]) for p in unlinked if _identity(p) in known}
    return replace(
        installation,
        packages=tuple(filled.get(p, p) for p in installation.packages),
        unlinked=unlinked - filled.keys(),
    )


def _identity(package: Package) -> tuple[str, str, str, str]:
    return (package.manager, package.name, package.version, package.build)
