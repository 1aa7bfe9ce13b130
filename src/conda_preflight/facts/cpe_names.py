"""What native products are called in the CPE dictionary, which scanners match by.

Source: https://nvd.nist.gov/products/cpe. A product that is not here gets no CPE: a guessed one
finds the flaws of something else.
"""

from __future__ import annotations

from functools import cache

from conda_preflight.facts.table import table
from conda_preflight.pattern import lazy_pattern

_ODD = lazy_pattern(r"([^A-Za-z0-9._-])")
_PLAIN = lazy_pattern(r"[A-Za-z0-9._+~!-]{1,100}")


def cpe_of(product: str, version: str) -> str:
    """The CPE 2.3 name of a version of a product of the native table, empty where unknown."""
    vendor_and_name = _names().get(product)
    if vendor_and_name is None or not _PLAIN.fullmatch(version):
        return ""
    vendor, name = vendor_and_name
    escaped = _ODD.sub(r"\\\1", version)
    return f"cpe:2.3:a:{vendor}:{name}:{escaped}:*:*:*:*:*:*:*"


@cache
def _names() -> dict[str, tuple[str, str]]:
    return {row["product"]: (row["vendor"], row["name"]) for row in table("cpe_names")}
