"""Versions that transformers looks for when it is imported.

Source: the metadata of its releases, and ``dependency_versions_check.py`` in
huggingface/transformers.
"""

from __future__ import annotations

from functools import cache

from conda_preflight.facts.table import table
from conda_preflight.facts.version_range import covers
from conda_preflight.plain import value_type


@value_type
class Companion:
    """Which versions of another package a release takes."""

    name: str
    wanted: str


@cache
def companions(transformers: str) -> tuple[Companion, ...]:
    """What a release of transformers takes; nothing for one that is in no table."""
    rows = table("transformers_companions")
    found = (row for row in rows if covers(row["first"], row["last"], transformers))
    return tuple(Companion(row["companion"], row["wanted"]) for row in found)
