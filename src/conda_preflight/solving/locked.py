"""What became of locking a manifest, for whoever shows or writes it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from conda_preflight.documents import Lock, Manifest
from conda_preflight.plain import document_type
from conda_preflight.solving.locking import Half, Order, Refused
from conda_preflight.solving.question import Solver


@document_type
class Locked:
    """The new ``lock`` or, where a platform is ``refused``, none.

    ``before`` is the lock that stood there, ``folder`` where both belong; ``solver`` can
    answer more questions about what was refused.
    """

    manifest: Manifest
    order: Order
    solver: Solver
    halves: tuple[Half, ...]
    refused: tuple[Refused, ...]
    lock: Lock | None
    before: Lock | None
    folder: Path


def moved(before: Lock | None, after: Lock) -> Sequence[tuple[str, str, str]]:
    """Names with their old and new versions, for what an older lock had otherwise."""
    if before is None:
        return []
    old = {(p.platform, p.manager, p.name): p.version for p in before.packages}
    rows = {
        (p.name, old[key], p.version)
        for p in after.packages
        if (key := (p.platform, p.manager, p.name)) in old and old[key] != p.version
    }
    return sorted(rows)
