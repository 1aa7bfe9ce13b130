"""The packages of a record as a graph: why one of them is there, and what they weigh."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from markupsafe import Markup

from conda_preflight.answers.phrases import size
from conda_preflight.chains import Explanation, Node, Told, explain, merged, near_names
from conda_preflight.dependency_graph import Graph
from conda_preflight.documents import Package
from conda_preflight.facts.names import normalized
from conda_preflight.imaging.tiers import tiers
from conda_preflight.installation import NOWHERE, Ask, Place
from conda_preflight.ledger.record import Environment, Links, Record
from conda_preflight.pictures.presence import MAX_CHAINS, presence
from conda_preflight.pictures.sizes import weights
from conda_preflight.pictures.writing import inline
from conda_preflight.plain import document_type

if TYPE_CHECKING:
    from conda_preflight.pictures.picture import Picture

MAX_REASONS, MAX_PLACES = 8, 200


@document_type
class Shown:
    """Why one package is in some places: a picture, or none where its dependencies are unknown.

    ``dependents`` need it directly; ``asked`` is as of a ``Reason``.
    """

    package: str
    manager: str
    places: tuple[str, ...]
    picture: Markup
    dependents: tuple[str, ...]
    asked: bool | None


@document_type
class Presence:
    """Why a name is in a record; ``left_out`` counts reasons that are not shown."""

    name: str
    shown: tuple[Shown, ...]
    left_out: int
    near: tuple[str, ...]


@document_type
class Weighed:
    """One environment of a record: how much is known of its sizes, in bytes as downloaded."""

    number: int
    place: str
    packages: int
    size: str
    unknown: int


def why_here(whole: Record, name: str) -> Presence:
    """Why a package of this name is in each environment of a record.

    Places with the same chains stand together, whoever else needs the package there.
    """
    needed_by: dict[Node, dict[str, None]] = {}
    told: list[tuple[Place, list[Told]]] = []
    for one in whole.environments:
        reasons = [*_reasons(one, name)] if _names(one, name) else []
        for target, reason in reasons:
            names = (node.name for node in reason.dependents) if reason else ()
            needed_by.setdefault(target, {}).update(dict.fromkeys(names))
        told.append((_place(one), [(t, r and replace(r, dependents=())) for t, r in reasons]))
    found = merged(told)
    known = (p.name for one in whole.environments for p in one.packages)
    near = () if found else near_names(name, known)
    shown = (_shown(n, x, tuple(needed_by[x.target])) for n, x in enumerate(found[:MAX_REASONS]))
    return Presence(name, tuple(shown), max(len(found) - MAX_REASONS, 0), near)


def weighed(whole: Record) -> tuple[Weighed, ...]:
    """The environments of a record with what is known of their sizes."""
    rows = enumerate(whole.environments[:MAX_PLACES])
    return tuple(_weighed(number, one) for number, one in rows)


def drawn_sizes(whole: Record, number: int) -> Markup:
    """What is large in one environment; empty where no size is known or it is not there."""
    if number >= len(whole.environments):
        return Markup("")
    one = whole.environments[number]
    return _inline(weights(tiers(graph_of(one)), _place(one).text, size), "sizes")


def graph_of(kept: Environment) -> Graph:
    """Who needs whom, as the record knows; without constraints."""
    links = kept.links or Links()
    sizes = links.sizes or (0,) * len(kept.packages)
    packages = tuple(
        Package(p.manager, p.name, p.version, NOWHERE, build=p.build, channel=p.channel, size=size)
        for p, size in zip(kept.packages, sizes, strict=True)
    )
    needs = {
        packages[number]: {packages[each]: "" for each in row}
        for number, row in enumerate(links.needs)
        if row
    }
    asked = ((packages[n], text, place) for n, text, place in links.asked)
    wishes = tuple((p, Ask(p.manager, p.name, text, place)) for p, text, place in asked)
    return Graph(packages, needs, wishes)


def _names(one: Environment, name: str) -> bool:
    wanted = normalized(name)
    return any(normalized(package.name) == wanted for package in one.packages)


def _reasons(one: Environment, name: str) -> Iterator[Told]:
    linked = graph_of(one)
    is_known = one.links is not None and one.links.needs
    return explain(name, linked, MAX_CHAINS, frozenset(() if is_known else linked.packages))


def _shown(number: int, each: Explanation, dependents: tuple[str, ...]) -> Shown:
    target, reason = each.target, each.reason
    return Shown(
        package=f"{target.name} {target.version}".rstrip(),
        manager=target.manager,
        places=tuple(place.text for place in each.places),
        picture=_inline(presence(each), f"why-{number}"),
        dependents=tuple(sorted(dependents)),
        asked=reason.asked if reason else None,
    )


def _inline(picture: Picture | None, name: str) -> Markup:
    return Markup(inline(picture, name)) if picture else Markup("")  # noqa: S704  (escapes itself)


def _weighed(number: int, one: Environment) -> Weighed:
    sizes = one.links.sizes if one.links else ()
    unknown = sum(not each for each in sizes) if sizes else len(one.packages)
    total = size(sum(sizes)) if any(sizes) else ""
    return Weighed(number, _place(one).text, len(one.packages), total, unknown)


def _place(one: Environment) -> Place:
    """Named by its file too, of which a project can have several."""
    return Place(" ".join(filter(None, (one.path, one.name))), one.platform)
