"""What a record keeps of the packages of an environment: what they weigh, and who needs whom."""

from __future__ import annotations

from collections.abc import Mapping

from conda_preflight.dependency_graph import Graph, graph
from conda_preflight.documents import Package
from conda_preflight.grammar.url import redact
from conda_preflight.installation import Installation
from conda_preflight.ledger.record import Links


def links(one: Installation, numbers: Mapping[Package, int]) -> Links | None:
    """The links of an installation whose packages have these numbers; None for nothing known."""
    linked = graph(one)
    sizes = _sizes(numbers)
    is_known = len(one.unlinked) < len(one.packages)
    found = Links(
        sizes=sizes if any(sizes) else (),
        needs=_needs(linked, numbers) if is_known else (),
        asked=tuple(
            (numbers[package], redact(ask.text), redact(ask.place))
            for package, ask in linked.asked
            if package in numbers
        ),
    )
    return found if found.sizes or found.needs or found.asked else None


def _sizes(numbers: Mapping[Package, int]) -> tuple[int, ...]:
    rows = [0] * (max(numbers.values(), default=-1) + 1)
    for package, number in numbers.items():
        rows[number] = max(rows[number], package.size)
    return tuple(rows)


def _needs(linked: Graph, numbers: Mapping[Package, int]) -> tuple[tuple[int, ...], ...]:
    """By number; what the machine itself provides is none of the packages."""
    rows: list[set[int]] = [set() for _ in range(max(numbers.values(), default=-1) + 1)]
    for package, needs in linked.needs.items():
        if package in numbers:
            rows[numbers[package]].update(numbers[each] for each in needs if each in numbers)
    return tuple(tuple(sorted(row)) for row in rows)
