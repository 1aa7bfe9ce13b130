"""Sizes and dependencies of an environment as plain JSON, and read back without belief."""

from __future__ import annotations

from typing import Any, cast

from conda_preflight.ledger.record import Links
from conda_preflight.ledger.text import clean

MAX_SIZE = 1 << 53
_LINE = 300
_NUMBER = {"type": "integer", "minimum": 0}
_ASKED = {"type": "array", "prefixItems": [_NUMBER, {"type": "string"}, {"type": "string"}]}
LINKS = {
    "type": ["object", "null"],
    "properties": {
        "sizes": {"type": "array", "items": _NUMBER},
        "needs": {"type": "array", "items": {"type": "array", "items": _NUMBER}},
        "asked": {"type": "array", "items": _ASKED},
    },
    "required": ["sizes", "needs", "asked"],
}
"""The schema of links; numbers count the packages from 0, which stand in the ledger's order."""


def plain_links(links: Links | None) -> dict[str, Any] | None:
    """Links as JSON has them; None for none."""
    if links is None:
        return None
    asked = [[number, _cut(text), _cut(place)] for number, text, place in links.asked]
    return {"sizes": [*links.sizes], "needs": [*map(list, links.needs)], "asked": asked}


def links_of(told: object, count: int) -> Links | None:
    """The links of ``count`` packages; raises ReadError, ValueError, TypeError or KeyError.

    A number that is no package's is a fault: a reader may take it for a place in the list.
    """
    if told is None:
        return None
    values = cast("dict[str, Any]", told)
    sizes = tuple(_within(size, MAX_SIZE) for size in values["sizes"])
    needs = tuple(tuple(_within(one, count) for one in row) for row in values["needs"])
    if len(sizes) not in (0, count) or len(needs) not in (0, count):
        raise ValueError("links are of other packages")
    asked = tuple((_within(n, count), _cut(t), _cut(p)) for n, t, p in values["asked"])
    return Links(sizes, needs, asked)


def _within(number: object, end: int) -> int:
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < end:
        raise ValueError(f"{number!r} is no number below {end}")
    return number


def _cut(text: object) -> str:
    return clean(text)[:_LINE]
