"""Shortest ways through a graph of dependencies, in steps linear in its size, circles included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from conda_preflight.dependency_graph import Graph
from conda_preflight.documents import Package

MAX_COUNT = 1_000_000


class Ways:
    """Breadth first from some roots; then the ways to any target."""

    def __init__(self, graph: Graph, roots: Iterable[Package]) -> None:
        self._graph = graph
        self.steps = _distances(graph, roots)
        self._before: dict[Package, list[Package]] = {}
        for package, needs in graph.needs.items():
            for target in needs:
                self._before.setdefault(target, []).append(package)

    def before(self, target: Package) -> list[Package]:
        """The packages that need this one directly."""
        return self._before.get(target, [])

    def to(self, target: Package) -> tuple[int, Iterator[tuple[Package, ...]]]:
        """How many shortest ways lead to a target that is reached, and the ways themselves.

        The number stops at MAX_COUNT; ways come in the order of the roots and of what each
        package needs.
        """
        useful = self._useful(target)
        return self._count(useful, target), self._walk(useful, target)

    def _useful(self, target: Package) -> dict[Package, None]:
        """What lies on shortest ways to the target, the farthest from the roots first."""
        useful = {target: None}
        todo = [target]
        for package in todo:
            for before in self.before(package):
                nearer = self.steps.get(before) == self.steps[package] - 1
                if nearer and before not in useful:
                    useful[before] = None
                    todo.append(before)
        return useful

    def _ahead(self, package: Package, useful: dict[Package, None]) -> list[Package]:
        step = self.steps[package] + 1
        needs = self._graph.needs.get(package, {})
        return [p for p in needs if p in useful and self.steps[p] == step]

    def _count(self, useful: dict[Package, None], target: Package) -> int:
        number = {p: int(self.steps[p] == 0) for p in useful}
        for package in reversed(useful):
            for ahead in self._ahead(package, useful):
                number[ahead] = min(number[ahead] + number[package], MAX_COUNT)
        return number[target]

    def _walk(self, useful: dict[Package, None], target: Package) -> Iterator[tuple[Package, ...]]:
        """Depth first along useful steps only, so that no way ends before the target."""
        roots = [p for p, step in self.steps.items() if step == 0 and p in useful]
        todo: list[_Way] = [(p, None) for p in reversed(roots)]
        while todo:
            way = todo.pop()
            if way[0] is target:
                yield _unrolled(way)
                continue
            todo.extend((p, way) for p in reversed(self._ahead(way[0], useful)))


_Way = tuple[Package, "_Way | None"]


def _unrolled(way: _Way | None) -> tuple[Package, ...]:
    found = []
    while way:
        found.append(way[0])
        way = way[1]
    return tuple(reversed(found))


def tops(graph: Graph) -> list[Package]:
    """The fewest packages from which all others are reached; of a circle its first.

    Going over them twice finds them: what an earlier one reaches is none, and what a later one
    reaches is none either.
    """
    return _unreached(graph, reversed(_unreached(graph, graph.packages)))[::-1]


def _unreached(graph: Graph, packages: Iterable[Package]) -> list[Package]:
    """Those that none of the packages before them reaches."""
    seen: set[Package] = set()
    first = []
    for package in packages:
        if package not in seen:
            first.append(package)
            seen.add(package)
            todo = [package]
            while todo:
                fresh = [p for p in graph.needs.get(todo.pop(), ()) if p not in seen]
                seen.update(fresh)
                todo.extend(fresh)
    return first


def _distances(graph: Graph, roots: Iterable[Package]) -> dict[Package, int]:
    """Every package that is reached, with its steps from the nearest root, roots first."""
    steps = dict.fromkeys(roots, 0)
    todo = list(steps)
    for package in todo:
        for needed in graph.needs.get(package, ()):
            if needed not in steps:
                steps[needed] = steps[package] + 1
                todo.append(needed)
    return steps
