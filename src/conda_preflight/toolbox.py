"""Which engines this machine can run: the only module that names an adapter."""

from __future__ import annotations

import os
from pathlib import Path

from conda_preflight.solving.pip_half import PipResolver
from conda_preflight.solving.question import Reachable, Solver


def solver(
    seconds: float = 300.0, snapshot: Reachable | None = None, *, show_progress: bool = False
) -> Solver:
    """What answers conda's half; with a snapshot it asks no channel."""
    from conda_preflight.engines.rattler_solver import RattlerSolver

    return RattlerSolver(seconds, snapshot=snapshot, show_progress=show_progress)


def pip_resolver(seconds: float = 300.0) -> PipResolver:
    """What answers pip's half; what it downloads is kept for the next time."""
    from conda_preflight.engines.uv import UvResolver

    return UvResolver(seconds, cache_folder() / "uv")


def cache_folder() -> Path:
    """Where downloads are kept: CONDA_PREFLIGHT_CACHE, else as the XDG base directories say."""
    named = os.environ.get("CONDA_PREFLIGHT_CACHE")
    if named:
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base, "conda-preflight")
