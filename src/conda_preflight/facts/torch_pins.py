"""Packages that name one release of torch exactly."""

from __future__ import annotations

from functools import cache

from conda_preflight.facts.table import table
from conda_preflight.plain import value_type


@value_type
class Pin:
    """Releases from the first to the last need this torch."""

    first: str
    last: str
    torch: str


@cache
def pins(package: str) -> tuple[Pin, ...]:
    """What the releases of a package name, in order."""
    rows = (row for row in table("torch_pins") if row["package"] == package)
    return tuple(Pin(row["first"], row["last"], row["torch"]) for row in rows)
