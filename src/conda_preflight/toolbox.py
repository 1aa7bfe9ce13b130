"""Which engines this machine can run: the only module that names an adapter."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from conda_preflight.cache_place import advisory_file, cache_folder
from conda_preflight.documents.remark import Hadolint
from conda_preflight.solving.listing import Repodata
from conda_preflight.solving.pip_half import Indexes, PipResolver
from conda_preflight.solving.question import Reachable, Solver

if TYPE_CHECKING:
    from conda_preflight.documents import Source
    from conda_preflight.engines.advisory_store import AdvisoryStore
    from conda_preflight.engines.osv_api import OsvApi
    from conda_preflight.engines.rego import RegoPolicies


class ChannelReader(Solver, Repodata, Protocol):
    """What solves and lists, and reads each file of repodata once for both."""


def solver(
    seconds: float = 300.0, snapshot: Reachable | None = None, *, show_progress: bool = False
) -> ChannelReader:
    """What answers conda's half; with a snapshot it asks no channel."""
    from conda_preflight.engines.rattler_solver import RattlerSolver

    return RattlerSolver(seconds, snapshot=snapshot, show_progress=show_progress)


def pip_resolver(seconds: float = 300.0) -> PipResolver:
    """What answers pip's half; what it downloads is kept for the next time."""
    from conda_preflight.engines.uv import UvResolver

    return UvResolver(seconds, cache_folder() / "uv")


def indexes(folder: Path) -> Indexes:
    """Where a person has written that projects come from, for a project in that folder."""
    from conda_preflight.engines.index_settings import read_indexes

    return read_indexes(os.environ, Path.home(), folder)


def advisories(named: str = "") -> AdvisoryStore:
    """The advisory database, opened; raises DatabaseError where there is none that can answer."""
    from conda_preflight.engines.advisory_store import AdvisoryStore

    return AdvisoryStore(advisory_file(named))


def online_advisories(seconds: float = 300.0) -> OsvApi:
    """OSV's service, or the one that CONDA_PREFLIGHT_OSV_API_URL names; its records are kept."""
    from conda_preflight.engines.advisory_web import Web
    from conda_preflight.engines.osv_api import OsvApi
    from conda_preflight.facts.advisory_sources import OSV_API

    url = os.environ.get("CONDA_PREFLIGHT_OSV_API_URL") or OSV_API
    return OsvApi(Web(seconds=seconds), cache_folder() / "osv", url)


def hadolint() -> Hadolint | str:
    """What asks hadolint about Dockerfiles, or a sentence that says why nothing does."""
    from conda_preflight.engines.hadolint import find

    return find()


def policies(read: Sequence[Source], settings: Mapping[str, object]) -> RegoPolicies:
    """What asks policies in Rego; they get so much of the settings."""
    from conda_preflight.engines.rego import RegoPolicies

    return RegoPolicies(read, settings)
