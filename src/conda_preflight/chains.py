"""Why a package is there: the shortest chains of dependencies from what was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice, pairwise

from conda_preflight.dependency_graph import Graph, graph
from conda_preflight.documents import Package
from conda_preflight.facts.names import normalized
from conda_preflight.grammar.pip_deviation import brought
from conda_preflight.grammar.url import redact
from conda_preflight.installation import Ask, Installation, Place
from conda_preflight.plain import document_type, value_type
from conda_preflight.shortest import Ways, tops

MAX_NAMES = 5_000
MAX_NEAR = 3


@value_type
class Node:
    """A package in a chain, and the constraint by which the one before needs it."""

    manager: str
    name: str
    version: str
    channel: str = ""
    constraint: str = ""


@value_type
class Chain:
    """From the first package to the one in question; ``ask`` is who asked for the first.

    Without an ask nothing else needs the first, unless it is the first of a ``circle`` of
    packages that need each other.
    """

    ask: Ask | None
    nodes: tuple[Node, ...]
    circle: bool = False


@value_type
class Reason:
    """Why one package is there: some of its shortest chains, and how many there are in all.

    ``dependents`` are the packages that need it directly, by name. ``asked`` is true where the
    chains begin at what was asked for, false where nothing that was asked for leads to it, and
    None where nobody's wish is recorded.
    """

    chains: tuple[Chain, ...]
    total: int
    dependents: tuple[Node, ...]
    asked: bool | None


Told = tuple[Node, Reason | None]
"""A package and why it is there; None where its dependencies are not known."""


@value_type
class Explanation:
    """The same reason at some places; ``reason`` is None where dependencies are not known."""

    places: tuple[Place, ...]
    target: Node
    reason: Reason | None


@document_type
class Answer:
    """All that can be said about one name; ``elsewhere`` are the places that lack it.

    ``near`` are names like it, where it is nowhere, and ``unmet`` the lines that ask for it all
    the same; ``declared`` is true where only what somebody asked for is known, and not what that
    brings.
    """

    name: str
    explanations: tuple[Explanation, ...]
    elsewhere: tuple[Place, ...]
    near: tuple[str, ...] = ()
    declared: bool = False
    unmet: tuple[Ask, ...] = ()


def why(
    name: str, installations: Sequence[Installation], limit: int, *, declared: bool = False
) -> Answer:
    """Why a package of this name is in each installation, with at most ``limit`` chains each."""
    found = [(one.place, [*_explain(name, one, limit)]) for one in installations]
    explanations = merged(found)
    elsewhere = tuple(place for place, reasons in found if not reasons)
    near = () if explanations else near_names(name, _names(installations))
    unmet = () if explanations else tuple(_asking(name, installations))
    return Answer(name, explanations, elsewhere, near, declared, unmet)


def merged(found: Iterable[tuple[Place, Iterable[Told]]]) -> tuple[Explanation, ...]:
    """What was told of some places, those of the same reason together."""
    places: dict[Told, list[Place]] = {}
    for place, reasons in found:
        for key in reasons:
            places.setdefault(key, []).append(place)
    return tuple(Explanation(tuple(at), *key) for key, at in places.items())


def _asking(name: str, installations: Sequence[Installation]) -> Iterator[Ask]:
    """The lines that ask for a name, each once."""
    every = dict.fromkeys(ask for one in installations for ask in one.asked)
    return (ask for ask in every if normalized(ask.name) == normalized(name))


def _names(installations: Iterable[Installation]) -> Iterator[str]:
    return (package.name for one in installations for package in one.packages)


def near_names(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Names that a person may have meant, the likeliest first."""
    from difflib import get_close_matches

    words = list(islice(dict.fromkeys(known), MAX_NAMES))
    return tuple(get_close_matches(name.lower()[:100], words, MAX_NEAR))


def _explain(name: str, installation: Installation, limit: int) -> Iterator[Told]:
    if any(True for _ in targets(name, installation.packages)) or name[:2] == "__":
        yield from explain(name, graph(installation), limit, installation.unlinked)


def explain(
    name: str, links: Graph, limit: int, unlinked: frozenset[Package] = frozenset()
) -> Iterator[Told]:
    """Each package of that name with its reason; None where that cannot be told."""
    return reasons(targets(name, links.packages), links, limit, unlinked)


def reasons(
    packages: Iterable[Package],
    links: Graph,
    limit: int,
    unlinked: frozenset[Package] = frozenset(),
) -> Iterator[Told]:
    """Packages of a graph, each with its reason; None where that cannot be told."""
    search = _Search(links)
    for package in packages:
        known = package not in unlinked or search.is_asked_for(package)
        yield _node(package), (search.reason(package, limit) if known else None)


def targets(name: str, packages: Sequence[Package]) -> list[Package]:
    """The packages that a person may mean: of that name, else those that bring that project."""
    plain, project = name.lower(), normalized(name)
    exact = [p for p in packages if p.name == (project if p.manager == "pypi" else plain)]
    if exact:
        return exact
    return [p for p in packages if p.manager == "conda" and project in brought(p)]


class _Search:
    """The graph of one installation, with the ways from what was asked for, and from its tops."""

    def __init__(self, links: Graph) -> None:
        self._graph = links
        self._asks: dict[Package, Ask] = {}
        for package, ask in links.asked:
            self._asks.setdefault(package, ask)
        self._asked = Ways(links, self._asks)

    def is_asked_for(self, target: Package) -> bool:
        """Whether what was asked for leads to it."""
        return target in self._asked.steps

    def reason(self, target: Package, limit: int) -> Reason:
        """Chains from what was asked for, else from what nothing else needs."""
        asked = self.is_asked_for(target) if self._asks else None
        ways = self._asked if asked else self._from_tops
        total, found = ways.to(target)
        chains = tuple(self._chain(way) for way in islice(found, limit))
        dependents = sorted(map(_node, ways.before(target)), key=lambda n: (n.name, n.manager))
        return Reason(chains, total, tuple(dependents), asked)

    @cached_property
    def _from_tops(self) -> Ways:
        return Ways(self._graph, tops(self._graph))

    def _chain(self, way: tuple[Package, ...]) -> Chain:
        steps = (_node(p, self._graph.needs[before][p]) for before, p in pairwise(way))
        ask = self._asks.get(way[0])
        circle = ask is None and bool(self._asked.before(way[0]))
        return Chain(ask, (_node(way[0]), *steps), circle)


def _node(package: Package, constraint: str = "") -> Node:
    channel, how = redact(package.channel), redact(constraint)
    return Node(package.manager, package.name, package.version, channel, how)
