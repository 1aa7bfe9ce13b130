"""What is large in an image: tiers, their layers, and the packages of these, as areas."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from conda_preflight.imaging.layers import Layer
from conda_preflight.imaging.plan import Plan
from conda_preflight.imaging.tiers import TIERS
from conda_preflight.pictures.picture import CELL, LINE, Picture, box, group, label
from conda_preflight.plain import value_type

_WIDE, _TALL, _HEAD, _MARGIN = 960.0, 540.0, 20.0, 6.0
_LEAST = 400
"""A package smaller than this part of the whole is drawn together with its like."""
_SHORTEST, _LOWEST = 4 * CELL, 14.0


@value_type
class Area:
    """A rectangle of a treemap."""

    x: float
    y: float
    width: float
    height: float

    def within(self, margin: float, top: float = 0.0) -> Area:
        """What is left of it inside of a margin, with more of it at the top."""
        return Area(
            self.x + margin,
            self.y + margin + top,
            max(self.width - 2 * margin, 0.0),
            max(self.height - 2 * margin - top, 0.0),
        )


@value_type
class _Tile:
    """Something with a size; ``told`` is said in full under the pointer."""

    name: str
    size: int
    told: str


def sizes(plan: Plan, shown: Callable[[int], str]) -> Picture | None:
    """The packages of a plan by tier and layer; None where no size is known.

    ``shown`` writes a size for people.
    """
    if not plan.size:
        return None
    whole = Area(0, 0, _WIDE, _TALL).within(_MARGIN)
    tiers = [tier for tier in TIERS if _weight(plan, tier)]
    tiers.sort(key=lambda tier: -_weight(plan, tier))
    shapes: list[str] = []
    for tier, area in zip(tiers, areas([_weight(plan, t) for t in tiers], whole), strict=True):
        shapes.extend(_tier(plan, tier, area, shown))
    unknown = f" The size of {len(plan.unknown)} more is not known." if plan.unknown else ""
    count = sum(len(layer.packages) for layer in plan.layers)
    return Picture(
        title=f"What is large{f' ({plan.place})' if plan.place else ''}: {shown(plan.size)}",
        description=f"{count} packages in {len(plan.layers)} layers by tier and size.{unknown}",
        width=_WIDE,
        height=_TALL,
        shapes=tuple(shapes),
        heads=("Tier", "Layer", "Package", "Size"),
        rows=tuple(_rows(plan, shown)),
    )


def areas(weights: Sequence[int], within: Area) -> list[Area]:
    """An area for each weight, in their order, nearly square; weights are above 0, falling."""
    import squarify

    if within.width <= 0 or within.height <= 0:
        return [Area(within.x, within.y, 0, 0) for _ in weights]
    made = squarify.normalize_sizes(weights, within.width, within.height)
    found = squarify.squarify(made, within.x, within.y, within.width, within.height)
    return [_held(Area(each["x"], each["y"], each["dx"], each["dy"]), within) for each in found]


def _held(area: Area, within: Area) -> Area:
    """The area without what rounding puts outside: a sum of thin strips can pass the edge."""
    width = min(area.width, within.x + within.width - area.x)
    height = min(area.height, within.y + within.height - area.y)
    return Area(area.x, area.y, max(width, 0.0), max(height, 0.0))


def _weight(plan: Plan, tier: str) -> int:
    return sum(layer.size for layer in plan.layers if layer.tier == tier)


def _tier(plan: Plan, tier: str, area: Area, shown: Callable[[int], str]) -> Iterator[str]:
    own = [layer for layer in plan.layers if layer.tier == tier and layer.size]
    own.sort(key=lambda layer: -layer.size)
    edge = area.within(1.5)
    head = f"{tier}  {shown(_weight(plan, tier))}"
    yield box(edge.x, edge.y, edge.width, edge.height, "frame", 3)
    has_head = edge.height > 2 * _HEAD
    if has_head:
        yield label(head, edge.x + 6, edge.y + LINE - 2, "strong", edge.width - 12)
    inner = edge.within(3, _HEAD - 3 if has_head else 0)
    for layer, place in zip(own, areas([each.size for each in own], inner), strict=True):
        tiles = list(_tiles(layer, plan.size // _LEAST, plan, shown))
        spots = areas([tile.size for tile in tiles], place.within(1))
        for tile, spot in zip(tiles, spots, strict=True):
            yield _tile(tile, spot, tier, shown)


def _tiles(layer: Layer, least: int, plan: Plan, shown: Callable[[int], str]) -> Iterator[_Tile]:
    """The packages that can be seen, and all others as one, the largest first."""
    known = [(p, plan.sizes.get(p, 0)) for p in layer.packages]
    large = [(p, size) for p, size in known if size >= least and size]
    rest = [(p, size) for p, size in known if 0 < size < least]
    found = [
        _Tile(p.name, size, f"{p.name} {p.version} ({p.manager}): {shown(size)}, {layer.title}")
        for p, size in large
    ]
    if rest:
        size = sum(each for _, each in rest)
        names = ", ".join(p.name for p, _ in rest[:8])
        more = f" and {len(rest) - 8} more" if rest[8:] else ""
        found.append(_Tile(f"{len(rest)} more", size, f"{names}{more}: {shown(size)}"))
    return iter(sorted(found, key=lambda tile: -tile.size))


def _tile(tile: _Tile, at: Area, tier: str, shown: Callable[[int], str]) -> str:
    shapes = [box(at.x, at.y, at.width, at.height, f"tile {tier}")]
    room = at.width - 8
    if room > _SHORTEST and at.height > _LOWEST + 2:
        shapes.append(label(tile.name, at.x + 4, at.y + _LOWEST, "", room))
        if at.height > 2 * LINE + 2:
            shapes.append(label(shown(tile.size), at.x + 4, at.y + _LOWEST + LINE, "small", room))
    return group(tile.told, shapes)


def _rows(plan: Plan, shown: Callable[[int], str]) -> Iterator[tuple[str, ...]]:
    """Every package, the largest first."""
    rows = [
        (plan.sizes.get(package, 0), layer, package)
        for layer in plan.layers
        for package in layer.packages
    ]
    for size, layer, package in sorted(rows, key=lambda row: (-row[0], row[2].name)):
        name = f"{package.name} {package.version}"
        yield layer.tier, layer.title, name, shown(size) if size else "not known"
