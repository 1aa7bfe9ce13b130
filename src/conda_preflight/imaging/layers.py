"""Packages into layers, so that a new version of one re-ships little and moves no other.

Large packages have a layer of their own. Small ones of a tier share layers by a hash of their
names: which of them lie together then depends on nobody's size. The limit between the two is
a power of two near a fiftieth of the whole, so that it stays where it is while versions change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from conda_preflight.documents import Package
from conda_preflight.imaging.tiers import TIERS
from conda_preflight.plain import document_type, value_type

SHARE = 50
"""A layer of small packages is at most this part of the whole."""

MAX_LAYERS = 100
"""Docker's overlay driver takes 127; the base has some, and so have those who build on it."""

_MAX_PARTS = 64


@value_type
class Cut:
    """Where the limits lie: ``limit`` bytes of a layer, and into how many parts each tier goes.

    An image that is made again with the same cut has the same layers but for what changed.
    """

    limit: int
    parts: tuple[tuple[str, int], ...]


@document_type
class Layer:
    """Packages that are shipped together, and their bytes as ``sizes`` counts them."""

    tier: str
    packages: tuple[Package, ...]
    size: int

    @property
    def title(self) -> str:
        """``framework: pytorch``, or the number of packages where there are several."""
        lone = self.packages[0].name if len(self.packages) == 1 else ""
        return f"{self.tier}: {lone or f'{len(self.packages)} packages'}"


def cut(tiers: Mapping[Package, str], sizes: Mapping[Package, int]) -> Cut:
    """The limits for these packages: layers within a fiftieth, and not too many of them."""
    limit = _power_below(sum(sizes.get(p, 0) for p in tiers) // SHARE)
    while True:
        parts = tuple((tier, _parts(tier, tiers, sizes, limit)) for tier in TIERS)
        found = Cut(limit, parts)
        if len(layers(tiers, sizes, found)) <= MAX_LAYERS:
            return found
        limit *= 2


def layers(
    tiers: Mapping[Package, str], sizes: Mapping[Package, int], limits: Cut
) -> tuple[Layer, ...]:
    """The layers from the bottom up; inside a tier the large ones first, by name."""
    parts = dict(limits.parts)
    together: dict[tuple[int, int, str], list[Package]] = {}
    for package, tier in tiers.items():
        is_large = sizes.get(package, 0) > limits.limit // 2
        shared = f"{_part(package, parts.get(tier, 1)):02}"
        place = TIERS.index(tier), 0 if is_large else 1, _key(package) if is_large else shared
        together.setdefault(place, []).append(package)
    return tuple(
        _layer(TIERS[tier], found, sizes) for (tier, _, _), found in sorted(together.items())
    )


def _layer(tier: str, packages: Iterable[Package], sizes: Mapping[Package, int]) -> Layer:
    ordered = tuple(sorted(packages, key=_key))
    return Layer(tier, ordered, sum(sizes.get(p, 0) for p in ordered))


def _parts(
    tier: str, tiers: Mapping[Package, str], sizes: Mapping[Package, int], limit: int
) -> int:
    """Into how many parts the small packages of a tier go: a power of two."""
    small = [p for p, t in tiers.items() if t == tier and sizes.get(p, 0) <= limit // 2]
    parts = 1
    while parts < _MAX_PARTS and _largest(small, sizes, parts) > limit:
        parts *= 2
    return parts


def _largest(small: Iterable[Package], sizes: Mapping[Package, int], parts: int) -> int:
    sums: dict[int, int] = {}
    for package in small:
        part = _part(package, parts)
        sums[part] = sums.get(part, 0) + sizes.get(package, 0)
    return max(sums.values(), default=0)


def _part(package: Package, parts: int) -> int:
    return hashlib.sha256(_key(package).encode("utf-8", "replace")).digest()[0] % parts


def _key(package: Package) -> str:
    return f"{package.name}\0{package.manager}"


def _power_below(number: int) -> int:
    return 1 << max(number.bit_length() - 1, 0)
