"""The columns of tables that say for which GPUs a build has code."""

from __future__ import annotations

from conda_preflight.documents.stack import Compiled
from conda_preflight.facts.table import Row


def compiled(row: Row) -> Compiled | None:
    """What a row says; None where it says nothing."""
    cubins, ptx = tuple(row["cubins"].split()), tuple(row["ptx"].split())
    if not cubins and not ptx:
        return None
    return Compiled(cubins, ptx, tuple(row.get("partial", "").split()))
