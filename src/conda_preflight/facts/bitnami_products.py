"""Which project of PyPI, or native product, a component in Bitnami's advisories is.

The rows stand in ``tables/bitnami_products.csv``. Bitnami packs releases of the projects without
changing their versions, so its ranges hold for the projects too.
"""

from __future__ import annotations

from functools import cache

from conda_preflight.facts.table import table


@cache
def bitnami_products() -> dict[str, tuple[str, str]]:
    """Ecosystem and name by the name of the component."""
    rows = table("bitnami_products")
    return {row["component"]: (row["ecosystem"], row["name"]) for row in rows}
