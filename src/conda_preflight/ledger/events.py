"""How long packages were there, told as what happened: brought, changed, removed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from conda_preflight.ledger.answer import Stay
from conda_preflight.plain import value_type

FIRST, BROUGHT, CHANGED, REMOVED = "first seen", "brought", "changed", "removed"
_Place = tuple[str, str, str, str, str, str]


@value_type
class PackageEvent:
    """What a record did to a package, at the places where it did the same.

    ``old`` and ``new`` are version and build, empty where it was not or is not there;
    ``places`` are file, environment and platform.
    """

    seq: int
    at: str
    kind: str
    manager: str
    name: str
    old: tuple[str, str]
    new: tuple[str, str]
    places: tuple[tuple[str, str, str], ...]


def events(stays: Iterable[Stay], first: Mapping[str, int]) -> tuple[PackageEvent, ...]:
    """The events of some stays, the newest first; ``first`` is the first record of a subject.

    What stood in the first record was there before somebody looked, and was not brought.
    """
    by_place: dict[_Place, list[Stay]] = {}
    for stay in stays:
        by_place.setdefault(_place(stay), []).append(stay)
    found: dict[tuple[_Row, str, str], list[tuple[str, str, str]]] = {}
    for place, some in by_place.items():
        for row in _at_place(some, first.get(place[0], 0)):
            found.setdefault((row, place[4], place[5]), []).append(place[1:4])
    made = [
        PackageEvent(*row[:3], manager, name, *row[3:], tuple(sorted(places)))
        for (row, manager, name), places in found.items()
    ]
    return tuple(sorted(made, key=lambda each: (-each.seq, each.kind, each.new, each.places)))


def _place(stay: Stay) -> _Place:
    return (stay.subject, stay.path, stay.environment, stay.platform, stay.manager, stay.name)


_Row = tuple[int, str, str, tuple[str, str], tuple[str, str]]


def _at_place(stays: Sequence[Stay], first: int) -> Iterable[_Row]:
    went = {stay.went: stay for stay in stays if stay.went is not None}
    came = {stay.came for stay in stays}
    for stay in stays:
        new = (stay.version, stay.build)
        before = went.get(stay.came)
        if before is not None:
            yield stay.came, stay.came_at, CHANGED, (before.version, before.build), new
        else:
            yield stay.came, stay.came_at, FIRST if stay.came == first else BROUGHT, ("", ""), new
        if stay.went is not None and stay.went not in came:
            yield stay.went, stay.went_at, REMOVED, new, ("", "")
