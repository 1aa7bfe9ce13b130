"""Where this program keeps what it can fetch again, and what it cannot."""

from __future__ import annotations

import os
from pathlib import Path


def advisory_file(named: str = "") -> Path:
    """Where the advisory database is: as named, CONDA_PREFLIGHT_DB, else in the cache folder."""
    found = named or os.environ.get("CONDA_PREFLIGHT_DB")
    return Path(found) if found else cache_folder() / "advisories.sqlite3"


def cache_folder() -> Path:
    """Where downloads are kept: CONDA_PREFLIGHT_CACHE, else as the XDG base directories say."""
    named = os.environ.get("CONDA_PREFLIGHT_CACHE")
    if named:
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base, "conda-preflight")


def state_folder() -> Path:
    """Where what must not be lost is kept: CONDA_PREFLIGHT_STATE, else as XDG says."""
    named = os.environ.get("CONDA_PREFLIGHT_STATE")
    if named:
        return Path(named)
    base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(base, "conda-preflight")
