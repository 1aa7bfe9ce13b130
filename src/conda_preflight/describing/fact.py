"""One thing that a description says, the same everywhere or another in each place."""

from __future__ import annotations

from collections.abc import Sequence

from conda_preflight.plain import value_type

NONE = "none"
"""What is said of a place that has nothing of a kind that another place has."""


@value_type
class Fact:
    """A label and the lines under it, plain text: one line, or one for each different place."""

    label: str
    lines: tuple[str, ...]


def fact(label: str, values: Sequence[tuple[str, str]]) -> Fact | None:
    """What is so in each place (its name, the value); None where it is nowhere anything.

    Places with one value share a line; where all have it, no place is named.
    """
    if not any(value for _, value in values):
        return None
    together: dict[str, list[str]] = {}
    for place, value in values:
        together.setdefault(value or NONE, []).append(place)
    if len(together) == 1:
        return Fact(label, tuple(together))
    return Fact(label, tuple(f"{', '.join(where)}: {value}" for value, where in together.items()))
