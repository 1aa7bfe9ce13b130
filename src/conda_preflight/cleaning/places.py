"""Where caches and environments are on a machine, as configurations and habits name them."""

from __future__ import annotations

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

    ``registries`` are lists of environments; ``projects`` are folders of projects that may hold
    environments of their own, ``alone`` single ones that nothing is looked for below. ``within``
    are folders that nothing leads out of, none for the whole machine.
    """

    caches: tuple[Cache, ...] = ()
    homes: tuple[Home, ...] = ()
    roots: tuple[tuple[str, str], ...] = ()
    registries: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def holds(self, path: str) -> bool:
        """Whether a real path may be looked at."""
        return not self.within or any((path + "/").startswith(f"{top}/") for top in self.within)
