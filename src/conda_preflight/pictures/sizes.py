"""What is large in an image or an environment: tiers and the packages in them, as areas."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from conda_preflight.documents import Package
from conda_preflight.imaging.plan import Plan
from conda_preflight.imaging.tiers import TIERS
from conda_preflight.pictures.picture import CELL, LINE, Picture, box, group, label
from conda_preflight.plain import document_type, value_type

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


@document_type
class _Shelf:
    """Packages of one tier that stand together."""

    tier: str
    title: str
    packages: tuple[Package, ...]
    sizes: Mapping[Package, int]

    @property
    def size(self) -> int:
        """All of them together."""
        return sum(self.sizes.get(package, 0) for package in self.packages)


def sizes(plan: Plan, shown: Callable[[int], str]) -> Picture | None:
    """The packages of a plan by tier and layer; None where no size is known.

    ``shown`` writes a size for people.
    """
    shelves = [_Shelf(each.tier, each.title, each.packages, plan.sizes) for each in plan.layers]
    count = sum(len(shelf.packages) for shelf in shelves)
    told = f"{count} packages in {len(shelves)} layers by tier and size."
    return _drawn(shelves, plan.place, told, shown, ("Tier", "Layer", "Package", "Size"))


def weights(
    tier_of: Mapping[Package, str], place: str, shown: Callable[[int], str]
) -> Picture | None:
    """The packages of an environment by tier; None where no size is known."""
    shelves = [
        _Shelf(tier, "", own, {p: p.size for p in own})
        for tier in TIERS
        if (own := tuple(p for p, its in tier_of.items() if its == tier))
    ]
    return _drawn(shelves, place, f"{len(tier_of)} packages.", shown, ("Tier", "Package", "Size"))


def _drawn(
    shelves: Sequence[_Shelf],
    place: str,
    told: str,
    shown: Callable[[int], str],
    heads: tuple[str, ...],
) -> Picture | None:
    total = sum(shelf.size for shelf in shelves)
    if not total:
        return None
    whole = Area(0, 0, _WIDE, _TALL).within(_MARGIN)
    tiers = {tier: [s for s in shelves if s.tier == tier and s.size] for tier in TIERS}
    largest = sorted((own for own in tiers.values() if own), key=lambda own: -_weight(own))
    shapes: list[str] = []
    for own, area in zip(largest, areas([*map(_weight, largest)], whole), strict=True):
        shapes.extend(_tier(own, total // _LEAST, area, shown))
    unknown = sum(not shelf.sizes.get(p, 0) for shelf in shelves for p in shelf.packages)
    lack = f" The size of {unknown} of them is not known." if unknown else ""
    return Picture(
        title=f"What is large{f' ({place})' if place else ''}: {shown(total)}",
        description=f"{told}{lack}",
        width=_WIDE,
        height=_TALL,
        shapes=tuple(shapes),
        heads=heads,
        rows=tuple(_rows(shelves, shown)),
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


def _weight(shelves: Sequence[_Shelf]) -> int:
    return sum(shelf.size for shelf in shelves)


def _tier(
    own: Sequence[_Shelf], least: int, area: Area, shown: Callable[[int], str]
) -> Iterator[str]:
    shelves = sorted(own, key=lambda shelf: -shelf.size)
    edge = area.within(1.5)
    head = f"{own[0].tier}  {shown(_weight(own))}"
    yield box(edge.x, edge.y, edge.width, edge.height, "frame", 3)
    has_head = edge.height > 2 * _HEAD
    if has_head:
        yield label(head, edge.x + 6, edge.y + LINE - 2, "strong", edge.width - 12)
    inner = edge.within(3, _HEAD - 3 if has_head else 0)
    for shelf, place in zip(shelves, areas([each.size for each in shelves], inner), strict=True):
        tiles = list(_tiles(shelf, least, shown))
        spots = areas([tile.size for tile in tiles], place.within(1))
        for tile, spot in zip(tiles, spots, strict=True):
            yield _tile(tile, spot, shelf.tier, shown)


def _tiles(shelf: _Shelf, least: int, shown: Callable[[int], str]) -> Iterator[_Tile]:
    """The packages that can be seen, and all others as one, the largest first."""
    known = [(p, shelf.sizes.get(p, 0)) for p in shelf.packages]
    large = [(p, size) for p, size in known if size >= least and size]
    rest = [(p, size) for p, size in known if 0 < size < least]
    where = f", {shelf.title}" if shelf.title else ""
    found = [
        _Tile(p.name, size, f"{p.name} {p.version} ({p.manager}): {shown(size)}{where}")
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


def _rows(shelves: Sequence[_Shelf], shown: Callable[[int], str]) -> Iterator[tuple[str, ...]]:
    """Every package, the largest first."""
    rows = [
        (shelf.sizes.get(package, 0), shelf, package)
        for shelf in shelves
        for package in shelf.packages
    ]
    for size, shelf, package in sorted(rows, key=lambda row: (-row[0], row[2].name)):
        where = (shelf.tier, shelf.title) if shelf.title else (shelf.tier,)
        yield *where, f"{package.name} {package.version}", shown(size) if size else "not known"
