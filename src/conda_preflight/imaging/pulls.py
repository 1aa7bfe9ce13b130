"""What is shipped again when one package changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from conda_preflight.documents import Package
from conda_preflight.imaging.layers import Layer
from conda_preflight.plain import value_type


@value_type
class Pull:
    """A new version of a package: its own bytes, and all that is shipped with it."""

    name: str
    own: int
    shipped: int

    @property
    def beyond(self) -> int:
        """Bytes that did not change and are shipped all the same."""
        return self.shipped - self.own


def pulls(layers: Sequence[Layer], sizes: Mapping[Package, int]) -> Iterator[Pull]:
    """One for each package, in the order of the layers."""
    for layer in layers:
        for package in layer.packages:
            yield Pull(package.name, sizes.get(package, 0), layer.size)
