"""What an image of a lock would be: its layers, what is in it for nothing, what a change ships."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from conda_preflight.dependency_graph import graph
from conda_preflight.documents import Package
from conda_preflight.facts.needless import kind_of
from conda_preflight.imaging.layers import Cut, Layer, cut, layers
from conda_preflight.imaging.pulls import Pull, pulls
from conda_preflight.imaging.tiers import tiers
from conda_preflight.installation import Installation
from conda_preflight.plain import document_type, value_type


@value_type
class Needless:
    """A package that a server does not need, what it is for, and who needs it all the same."""

    kind: str
    name: str
    size: int
    needed_by: tuple[str, ...]


@document_type
class Plan:
    """The image of one place; sizes are in bytes as packages are downloaded.

    ``sizes`` are those that are known of its packages; ``unknown`` are packages whose size
    nobody tells; they count as nothing.
    """

    place: str
    layers: tuple[Layer, ...]
    pulls: tuple[Pull, ...]
    needless: tuple[Needless, ...]
    limits: Cut
    unknown: tuple[str, ...]
    sizes: Mapping[Package, int]

    @property
    def size(self) -> int:
        """All packages together."""
        return sum(layer.size for layer in self.layers)

    @property
    def beyond(self) -> float:
        """How much of the whole is shipped without having changed, on average over packages."""
        if not self.pulls or not self.size:
            return 0.0
        return sum(pull.beyond for pull in self.pulls) / len(self.pulls) / self.size

    @property
    def worst(self) -> Pull | None:
        """The package whose change ships most that did not change."""
        return max(self.pulls, key=lambda pull: pull.beyond, default=None)

    @property
    def beyond_at_once(self) -> float:
        """The same where everything is one layer."""
        if not self.pulls or not self.size:
            return 0.0
        return sum(self.size - pull.own for pull in self.pulls) / len(self.pulls) / self.size


def plan(
    installation: Installation, known: Mapping[Package, int], limits: Cut | None = None
) -> Plan:
    """The plan for the packages of one place.

    ``known`` are sizes that the lock does not tell; ``limits`` are those of an image that was
    made before, so that its layers stay.
    """
    linked = graph(installation)
    tier_of = tiers(linked)
    sizes = {p: p.size or known.get(p, 0) for p in tier_of}
    chosen = limits or cut(tier_of, sizes)
    found = layers(tier_of, sizes, chosen)
    return Plan(
        place=installation.place.text,
        layers=found,
        pulls=tuple(pulls(found, sizes)),
        needless=_needless(linked.needs, sizes),
        limits=chosen,
        unknown=tuple(sorted(p.name for p, size in sizes.items() if not size)),
        sizes=sizes,
    )


def _needless(
    needs: Mapping[Package, Mapping[Package, str]], sizes: Mapping[Package, int]
) -> tuple[Needless, ...]:
    """The largest first."""
    found = {
        package: Needless(kind, package.name, size, ())
        for package, size in sizes.items()
        if (kind := kind_of(package.name))
    }
    for package, targets in needs.items():
        for target in targets:
            if target in found and package not in found:
                row = found[target]
                found[target] = replace(row, needed_by=(*row.needed_by, package.name))
    return tuple(sorted(found.values(), key=lambda row: (-row.size, row.name)))
