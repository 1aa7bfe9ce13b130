"""Whether an upgrade that an advisory asks for can be had: by the channels, with the rest."""

from __future__ import annotations

import time
from dataclasses import replace

from conda_preflight.advisories.identity import product_version
from conda_preflight.advisories.subjects import Subject
from conda_preflight.advisories.versions import key
from conda_preflight.documents import Lock, Manifest, Package, Project
from conda_preflight.errors import Skip
from conda_preflight.solving.question import Question, Untried
from conda_preflight.solving.site import lines
from conda_preflight.solving.solves import Solves

MAX_SECONDS = 30.0
"""For all solves of one audit about upgrades."""

_TRIES = 4
"""Versions of one package that are tried: the smallest ones, and the newest."""


class Upgrades:
    """Asks about conda packages of manifests, and of locks that belong to one."""

    def __init__(self, project: Project, solves: Solves) -> None:
        self._project, self._solves = project, solves
        self._left = MAX_SECONDS

    def told(self, subject: Subject, package: Package, scheme: str, version: str) -> str:
        """A sentence about this version of the product or later ones; empty where none is known."""
        manifest = self._project.manifest_of(subject) if isinstance(subject, Lock) else subject
        if not isinstance(manifest, Manifest) or package.manager != "conda" or self._left <= 0:
            return ""
        began = time.monotonic()
        try:
            return self._told(manifest, package, scheme, version)
        except Skip:
            return ""
        finally:
            self._left -= time.monotonic() - began

    def _told(self, manifest: Manifest, package: Package, scheme: str, version: str) -> str:
        platform = package.platform or next(iter(self._solves.platforms(manifest)), "")
        asked = self._solves.question(manifest, platform)
        least = key(scheme, version) or ()
        offers = self._solves.means(manifest).solver.offers(replace(asked, specs=(package.name,)))
        if isinstance(offers, Untried) or not offers:
            return ""
        rising = [
            each
            for each in dict.fromkeys(offers[0].versions)
            if (key(scheme, product_version("", each)) or ()) >= least
        ]
        if not rising:
            return "The channels have no such version yet."
        for each in dict.fromkeys((*rising[: _TRIES - 1], rising[-1])):
            if self._solves.ask(manifest, _with(manifest, asked, package.name, each)) is not None:
                return f"The channels have {each}, and the environment still solves with it."
        return "The channels have it, but with what else is asked for it does not solve."


def _with(manifest: Manifest, asked: Question, name: str, version: str) -> Question:
    """The question with one version of a package in the place of what is asked for it."""
    rows = zip(lines(manifest, asked.platform), asked.specs, strict=True)
    others = (spec for line, spec in rows if line.name != name)
    return replace(asked, specs=(*others, f"{name}=={version}"))
