"""How the channels of each manifest are reached: as they are now, or from a snapshot."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from conda_preflight import toolbox
from conda_preflight.documents import Host, Lock, Manifest, Project
from conda_preflight.errors import ReadError
from conda_preflight.solving import snapshot
from conda_preflight.solving.channels import Channels
from conda_preflight.solving.question import Reachable, Solver, Untried
from conda_preflight.solving.site import Site
from conda_preflight.solving.solves import Means, Solves
from conda_preflight.solving.tiers import is_local, tiers


class Reach:
    """Chooses for each manifest how it is solved; nothing is asked before a check does.

    ``root`` is the folder from which the paths of the project count; ``seconds`` bound each
    question; ``refusal`` says why channels on this machine, or elsewhere, may not be asked.
    """

    def __init__(
        self,
        project: Project,
        root: Path,
        site: Site,
        refusal: Callable[[bool], str],
        *,
        network: bool,
        seconds: float,
    ) -> None:
        self._project, self._root, self._refusal = project, root, refusal
        self._site = replace(site, host=next(iter(project.of(Host)), None))
        self._network, self._seconds = network, seconds

    def solves(self, named: tuple[str, ...], *, is_stated: bool) -> Solves:
        """What checks ask about solves."""
        return Solves(self._choose, named, is_stated=is_stated)

    def channels(self) -> Channels:
        """What checks ask about channels as they are now."""
        return Channels(lambda: self._live, self._refusal)

    @cached_property
    def _live(self) -> toolbox.ChannelReader:
        return toolbox.solver(self._seconds)

    def _choose(self, manifest: Manifest) -> Means | Untried:
        folder = (self._root / manifest.path).parent.resolve()
        site = replace(self._site, folder=folder.as_posix())
        found = tiers(manifest, manifest.specs, "linux-64", site.alias, site.folder)
        refused = self._refusal(all(is_local(url) for tier in found for url in tier.urls))
        if not refused:
            return self._means(folder, site, self._live)
        return self._recorded(manifest, folder, site) or Untried(refused)

    def _means(self, folder: Path, site: Site, solver: Solver) -> Means:
        return Means(
            site=site,
            solver=solver,
            pip=toolbox.pip_resolver(self._seconds),
            indexes=toolbox.indexes(folder),
            variables=os.environ,
            network=self._network,
        )

    def _recorded(self, manifest: Manifest, folder: Path, site: Site) -> Means | Untried | None:
        """The means of a snapshot beside a lock of the manifest."""
        for lock in self._project.locks_of(manifest):
            file = self._root / (lock.path + snapshot.SUFFIX)
            if file.is_file():
                kept = _read(file)
                if isinstance(kept, Untried):
                    return kept
                made = self._means(folder, site, toolbox.solver(self._seconds, kept))
                return replace(made, recorded=_unchanged(manifest, lock))
        return None


def _read(file: Path) -> Reachable | Untried:
    try:
        return snapshot.read(file.read_bytes())
    except (OSError, ReadError) as error:
        return Untried(f"the snapshot {file.name} cannot be read: {error}")


def _unchanged(manifest: Manifest, lock: Lock) -> frozenset[str]:
    """The platforms for which the lock was made from the manifest as it is now."""
    from conda_preflight.grammar.conda_lock_hash import content_hashes

    return frozenset(
        platform
        for platform, digest in lock.content_hash.items()
        if digest in content_hashes([manifest], platform)
    )
