"""Where a fact stands."""

from __future__ import annotations

from conda_preflight.plain import value_type


@value_type
class Location:
    """Where a fact stands: lines and columns count from 1, 0 is unknown.

    ``path`` is relative to the audited directory, with forward slashes;
    ``length`` is the number of characters that the fact covers on its line.
    """

    path: str
    line: int = 0
    column: int = 0
    length: int = 0


@value_type
class Name:
    """A word of a document, with its place."""

    text: str
    location: Location
