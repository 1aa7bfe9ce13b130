"""Why a package is there, as a graph from what was asked for to the package."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from conda_preflight.chains import Chain, Explanation, Node
from conda_preflight.pictures.layers import ordered
from conda_preflight.pictures.picture import (
    CELL,
    LINE,
    Picture,
    box,
    figure,
    group,
    label,
)
from conda_preflight.plain import value_type
from conda_preflight.writers.excerpt import cells

MAX_CHAINS = 40
_MAX_TALL = 24
_ENDS = 10
_WIDEST, _NARROWEST = 240.0, 90.0
_TALL, _GAP_X, _GAP_Y, _MARGIN, _PAD = 42, 56, 14, 8, 8


@value_type
class _Spot:
    """A node of the picture: where it stands in its chains, its two lines, and its kind."""

    step: int
    name: str
    below: str
    kind: str


def presence(explanation: Explanation) -> Picture | None:
    """The graph of its chains, None where no chain is known; at most MAX_CHAINS are drawn."""
    reason = explanation.reason
    if reason is None or not reason.chains:
        return None
    chains = _fitting(reason.chains[:MAX_CHAINS])
    ways = [_spots(chain) for chain in chains]
    edges = list(dict.fromkeys(edge for way in ways for edge in pairwise(way)))
    columns = ordered(_columns(ways), edges)
    places, width, height = _places(columns)
    goal = _named(explanation.target)
    shapes = [_edge(places[start], places[end]) for start, end in edges]
    shapes += [_box(spot, place) for spot, place in places.items()]
    text = f"{len(chains)} of {reason.total} shortest chains of dependencies lead to {goal}."
    rows = tuple((str(number), told(chain)) for number, chain in enumerate(chains, 1))
    return Picture(
        title=f"Why {goal} is there",
        description=text,
        width=width,
        height=height,
        shapes=tuple(shapes),
        heads=("Chain", "Packages"),
        rows=rows,
    )


def _fitting(chains: tuple[Chain, ...]) -> list[Chain]:
    """As many chains from the front as keep each column short enough to be read."""
    kept: list[Chain] = []
    columns: dict[int, set[str]] = {}
    for chain in chains:
        for step, node in enumerate(chain.nodes):
            columns.setdefault(step, set()).add(_named(node))
        if kept and max(map(len, columns.values())) > _MAX_TALL:
            break
        kept.append(chain)
    return kept


def _spots(chain: Chain) -> list[_Spot]:
    """Who asked, and each package with the constraint by which the one before needs it."""
    ask, last = chain.ask, len(chain.nodes) - 1
    first = [_Spot(0, ask.text, ask.place, "asked")] if ask else []
    steps = enumerate(chain.nodes)
    kinds = ["goal" if number == last else "node" for number in range(last + 1)]
    return first + [_Spot(n + 1, _named(node), _origin(node), kinds[n]) for n, node in steps]


def _origin(node: Node) -> str:
    return {"pypi": "pip", "conda": node.channel or "conda"}.get(node.manager, "of the machine")


def _columns(ways: list[list[_Spot]]) -> list[list[_Spot]]:
    """The spots of each step, each once; shortest chains of one target are equally long."""
    found: dict[int, dict[_Spot, None]] = {}
    for way in ways:
        for spot in way:
            found.setdefault(spot.step, {})[spot] = None
    return [list(found[step]) for step in sorted(found)]


_Place = tuple[float, float, float]


def _places(columns: list[list[_Spot]]) -> tuple[dict[_Spot, _Place], float, float]:
    """Left, top and width of each node, and the width and height of all."""
    tallest = max(map(len, columns))
    height = tallest * (_TALL + _GAP_Y) - _GAP_Y + 2 * _MARGIN
    places, left = {}, float(_MARGIN)
    for column in columns:
        wide = _width(column)
        top = (height - len(column) * (_TALL + _GAP_Y) + _GAP_Y) / 2
        for spot in column:
            places[spot] = (left, top, wide)
            top += _TALL + _GAP_Y
        left += wide + _GAP_X
    return places, left - _GAP_X + _MARGIN, height


def _width(column: list[_Spot]) -> float:
    longest = max(max(cells(spot.name), cells(spot.below)) for spot in column)
    return min(max(longest * CELL + 2 * _PAD, _NARROWEST), _WIDEST)


def _box(spot: _Spot, place: _Place) -> str:
    left, top, wide = place
    room = wide - 2 * _PAD
    shapes = (
        box(left, top, wide, _TALL, spot.kind, 6),
        label(spot.name, left + _PAD, top + LINE + 1, "strong", room),
        label(spot.below, left + _PAD, top + 2 * LINE + 1, "small", room),
    )
    return group(f"{spot.name} ({spot.below})", shapes)


def _edge(start: _Place, end: _Place) -> str:
    """A curve from the right of one box to the left of another, with a tip."""
    x1, y1 = start[0] + start[2], start[1] + _TALL / 2
    x2, y2 = end[0], end[1] + _TALL / 2
    bend = (x2 - x1) / 2
    path = (
        f"M{figure(x1)} {figure(y1)}C{figure(x1 + bend)} {figure(y1)} "
        f"{figure(x2 - bend)} {figure(y2)} {figure(x2 - 6)} {figure(y2)}"
    )
    tip = f"M{figure(x2)} {figure(y2)}l-8 -4v8z"
    return f'<path d="{path}" class="edge"/><path d="{tip}" class="tip"/>'


def told(chain: Chain) -> str:
    """A chain in one line, from who asked to the package; of a long one its ends."""
    asked = f"{chain.ask.text} ({chain.ask.place}) → " if chain.ask else ""
    steps = list(_steps(chain))
    if len(steps) > 2 * _ENDS:
        left_out = f"{len(steps) - 2 * _ENDS} more"
        steps = [*steps[:_ENDS], left_out, *steps[-_ENDS:]]
    return asked + " → ".join(steps)


def _steps(chain: Chain) -> Iterator[str]:
    for node in chain.nodes:
        yield f"{_named(node)} ({node.constraint})" if node.constraint else _named(node)


def _named(node: Node) -> str:
    return f"{node.name} {node.version}".rstrip()
