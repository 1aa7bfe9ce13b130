"""Where the nodes of a graph in columns stand, so that few lines cross."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)
_SWEEPS = 4


def ordered(
    columns: Sequence[Sequence[Node]], edges: Sequence[tuple[Node, Node]]
) -> list[list[Node]]:
    """The nodes of each column by the mean place of their neighbours, to and fro some times.

    This is the barycentre heuristic of Sugiyama, Tagawa and Toda (1981); equal means keep
    their order, so the result is the same each time.
    """
    found = [list(column) for column in columns]
    before: dict[Node, list[Node]] = {}
    after: dict[Node, list[Node]] = {}
    for start, end in edges:
        before.setdefault(end, []).append(start)
        after.setdefault(start, []).append(end)
    for _ in range(_SWEEPS):
        for place in range(1, len(found)):
            found[place] = _sorted(found[place], found[place - 1], before)
        for place in range(len(found) - 2, -1, -1):
            found[place] = _sorted(found[place], found[place + 1], after)
    return found


def _sorted(
    column: list[Node], other: Sequence[Node], near: Mapping[Node, Sequence[Node]]
) -> list[Node]:
    place = {node: number for number, node in enumerate(other)}

    def mean(row: tuple[int, Node]) -> float:
        known = [place[node] for node in near.get(row[1], ()) if node in place]
        return sum(known) / len(known) if known else row[0]

    return [node for _, node in sorted(enumerate(column), key=mean)]
