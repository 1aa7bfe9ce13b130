"""Known failures of CUDA environments, where each can be seen, and the rules that see it.

Stages are the lock with a described target, the files of a prefix, and the machine itself. A row
has rules, or a reason why nothing sees the failure there yet; where a stage has no row, nobody
can see it there.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from conda_preflight.facts.table import Row, table
from conda_preflight.plain import value_type

STAGES = ("lock", "prefix", "node")


@value_type
class Sight:
    """What sees a failure at a stage: rules, or a reason why none does yet."""

    rules: tuple[str, ...]
    reason: str


@value_type
class Mode:
    """A failure: its name, what it is, and what sees it, by stage."""

    name: str
    title: str
    seen: Mapping[str, Sight]


@cache
def modes() -> tuple[Mode, ...]:
    """All failures, in the order of the table; raises ValueError for a row that says too little."""
    found: dict[str, tuple[str, dict[str, Sight]]] = {}
    for row in table("failure_modes"):
        _, seen = found.setdefault(row["failure"], (row["title"], {}))
        seen[row["stage"]] = _sight(row)
    return tuple(Mode(name, title, seen) for name, (title, seen) in found.items())


def _sight(row: Row) -> Sight:
    rules = tuple(row["rules"].split())
    if row["stage"] not in STAGES or bool(rules) is bool(row["reason"]):
        raise ValueError(f"{row['failure']}: a stage has either rules or a reason: {row['stage']}")
    return Sight(rules, row["reason"])
