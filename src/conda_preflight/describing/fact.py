"""One thing that a description says, the same everywhere or another in each place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from conda_preflight.installation import Place
from conda_preflight.plain import value_type

NONE = "none"
"""What is said of a place that has nothing of a kind that another place has."""
MAX_LINES = 12
"""Different values of one fact that are shown; others are counted."""


@value_type
class Fact:
    """A label and the lines under it, plain text: one line, or one for each different value."""

    label: str
    lines: tuple[str, ...]


def fact(label: str, values: Sequence[tuple[Place, str]]) -> Fact | None:
    """What is so in each place; None where it is nowhere anything.

    Places with one value share a line; where all have it, no place is named.
    """
    if not any(value for _, value in values):
        return None
    together: dict[str, list[Place]] = {}
    for place, value in values:
        together.setdefault(value or NONE, []).append(place)
    if len(together) == 1:
        return Fact(label, tuple(together))
    every = [place for place, _ in values]
    lines = [f"{shown(where, every)}: {v}" for v, where in together.items() if v != NONE]
    lines += [f"{shown(where, every)}: {v}" for v, where in together.items() if v == NONE]
    more = len(lines) - MAX_LINES
    return Fact(label, (*lines[:MAX_LINES], *((f"and {more} more",) if more > 0 else ())))


def shown(places: Iterable[Place], every: Sequence[Place]) -> str:
    """Some of all places in few words: ``gpu, dev on linux-64``, ``osx-arm64``, ``test``."""
    mine, whole = _by_environment(places), _by_environment(every)
    groups: dict[tuple[str, ...], list[str]] = {}
    for environment, platforms in mine.items():
        all_of_it = len(whole) > 1 and platforms == whole[environment]
        groups.setdefault(() if all_of_it else platforms, []).append(environment)
    if len(groups) == 1 and len(mine) == len(whole) and all(groups):
        return ", ".join(next(iter(groups)))
    return "; ".join(_group(environments, platforms) for platforms, environments in groups.items())


def _group(environments: Sequence[str], platforms: Sequence[str]) -> str:
    named = ", ".join(filter(None, environments))
    return " on ".join(filter(None, (named, ", ".join(platforms))))


def _by_environment(places: Iterable[Place]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for place in places:
        found[place.environment] = (*found.get(place.environment, ()), place.platform)
    return found
