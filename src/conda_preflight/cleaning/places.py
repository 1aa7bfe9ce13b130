"""Where caches and environments are on a machine, as configurations and habits name them."""

from __future__ import annotations

from dataclasses import field
from typing import NamedTuple

from conda_preflight.plain import document_type

PACKAGES, DOWNLOADS, HUB = "packages", "downloads", "hub"
"""What a cache holds: packages of conda, whatever a tool fetches, models of Hugging Face."""


class Cache(NamedTuple):
    """A folder that a tool fills and can fill again."""

    path: str
    tool: str
    holds: str


class Home(NamedTuple):
    """A folder whose folders are environments; ``deep`` is how many levels down they may be."""

    path: str
    tool: str
    deep: int = 1


@document_type
class Places:
    """All of them, absolute; ``roots`` are of whole installations with the tool's name.

    ``registries`` are lists of environments, ``projects`` folders that may hold environments of
    their own. ``within`` is the folder that nothing leads out of, empty for the whole machine.
    """

    caches: tuple[Cache, ...] = ()
    homes: tuple[Home, ...] = ()
    roots: tuple[tuple[str, str], ...] = ()
    registries: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    within: str = ""
    notes: tuple[str, ...] = field(default=())
