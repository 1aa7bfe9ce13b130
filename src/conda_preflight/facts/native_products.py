"""Which product of which project a conda package is, where that is no project of PyPI.

The rows stand in ``tables/native_products.csv``: a product as advisories name it, how its versions
are ordered, the conda packages that are made from it, and where the project tells of itself. In a
package's name ``#`` stands for a version at its end (``libllvm#``), and a platform there is left
out (``sysroot`` for ``sysroot_linux-64``).
"""

from __future__ import annotations

from functools import cache

from conda_preflight.facts.table import Row, address, table
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type

_PLATFORM = lazy_pattern(r"_(?:linux|osx|win)-[a-z0-9]+$")
_NUMBER = lazy_pattern(r"[0-9][0-9.]*$")


@value_type
class Product:
    """A product of the table; ``source`` is a page of its project."""

    name: str
    scheme: str
    packages: tuple[str, ...]
    source: str


@cache
def products() -> tuple[Product, ...]:
    """All rows; raises ValueError for one without a source."""
    return tuple(map(_product, table("native_products")))


def product_of(package: str) -> Product | None:
    """The product that a conda package is made from, None where the table has no such package."""
    by_package = _by_package()
    name = _PLATFORM.sub("", package)
    return by_package.get(name) or by_package.get(_NUMBER.sub("#", name))


@cache
def _by_package() -> dict[str, Product]:
    return {package: product for product in products() for package in product.packages}


def _product(row: Row) -> Product:
    return Product(row["product"], row["scheme"], tuple(row["packages"].split()), address(row))
