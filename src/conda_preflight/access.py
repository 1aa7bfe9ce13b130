"""How an audit reaches channels: over the network, as files, from a snapshot, or not at all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from conda_preflight.config import PRIORITIES, Settings
from conda_preflight.documents import Host, Lock, Manifest, Project
from conda_preflight.errors import ReadError, UsageError
from conda_preflight.solving.channels import Channels
from conda_preflight.solving.question import Reachable, Solver, Untried
from conda_preflight.solving.site import Site
from conda_preflight.solving.snapshot import SUFFIX
from conda_preflight.solving.solves import HOW, Means, Solves
from conda_preflight.solving.tiers import ALIAS, is_local, tiers

if TYPE_CHECKING:
    from conda_preflight.toolbox import ChannelReader

_OFF = "solving is switched off (--no-solve)"
_OFFLINE = "its channels need a network, and --offline forbids it"


def engines(
    project: Project,
    root: Path,
    settings: Settings,
    *,
    offline: bool = False,
    seconds: float = 300.0,
) -> Mapping[str, object]:
    """What checks may ask of the world, by the type that they name; nothing is asked yet.

    ``root`` is the folder from which the paths of the project count; ``seconds`` bound each
    question. Raises UsageError for settings that no solve can be made with.
    """
    access = _Access(project, root, settings, offline=offline, seconds=seconds)
    stated = bool(settings.channel_priority)
    solves = Solves(project, access.means, settings.platforms, is_stated=stated)
    return {"Solves": solves, "Channels": Channels(lambda: access.live, access.refusal)}


def site_of(settings: Settings) -> Site:
    """What the settings say about a solve; raises UsageError for what they cannot mean."""
    alias = settings.channel_alias or ALIAS
    if "://" not in alias:
        raise UsageError(f"channel-alias is a URL, not {alias!r}", "As https://host/channels.")
    if settings.channel_priority not in ("", *PRIORITIES):
        known = " or ".join(PRIORITIES)
        raise UsageError(f"channel-priority is {known}, not {settings.channel_priority!r}")
    return Site(
        alias=alias.rstrip("/"),
        strict=settings.channel_priority != "disabled",
        exclude_newer=_time(settings.exclude_newer),
        virtual_packages=tuple(_virtual(text) for text in settings.virtual_packages),
    )


def _virtual(text: str) -> tuple[str, str, str]:
    name, _, rest = text.partition("=")
    version, _, build = rest.partition("=")
    if not name.startswith("__") or not version:
        raise UsageError(f"A virtual package is NAME=VERSION, not {text!r}", "As __cuda=12.8.")
    return name, version, build or "0"


def _time(text: str) -> str:
    if not text:
        return ""
    from datetime import UTC, datetime

    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"exclude-newer is a time, not {text!r}", "As 2026-01-31.") from None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


class _Access:
    """Chooses for each manifest and each lock how its channels are reached."""

    def __init__(
        self, project: Project, root: Path, settings: Settings, *, offline: bool, seconds: float
    ) -> None:
        self._project, self._root, self._settings = project, root, settings
        self._offline, self._seconds = offline, seconds
        self._site = replace(site_of(settings), host=next(iter(project.of(Host)), None))

    @property
    def _network(self) -> bool:
        return self._settings.solve is True and not self._offline

    @cached_property
    def live(self) -> ChannelReader:
        """What reads the channels as they are."""
        from conda_preflight import toolbox

        return toolbox.solver(self._seconds)

    def refusal(self, local: bool) -> str:  # noqa: FBT001  (a plain callable for Channels)
        """Why channels may not be asked as they are now; empty where they may."""
        if self._settings.solve is False:
            return _OFF
        if local or self._network:
            return ""
        return _OFFLINE if self._offline else HOW

    def means(self, manifest: Manifest) -> Means | Untried:
        """How a manifest is solved, or why it is not."""
        folder = (self._root / manifest.path).parent.resolve()
        site = replace(self._site, folder=folder.as_posix())
        found = tiers(manifest, manifest.specs, "linux-64", site.alias, site.folder)
        refused = self.refusal(all(is_local(url) for tier in found for url in tier.urls))
        if not refused:
            return self._means(folder, site, self.live)
        if self._settings.solve is False:
            return Untried(refused)
        return self._recorded(manifest, folder, site) or Untried(refused)

    def _means(self, folder: Path, site: Site, solver: Solver) -> Means:
        from conda_preflight import toolbox

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
        from conda_preflight import toolbox

        for lock in self._project.locks_of(manifest):
            file = self._root / (lock.path + SUFFIX)
            if file.is_file():
                kept = _snapshot(file)
                if isinstance(kept, Untried):
                    return kept
                made = self._means(folder, site, toolbox.solver(self._seconds, kept))
                return replace(made, recorded=_recorded_platforms(manifest, lock))
        return None


def _snapshot(file: Path) -> Reachable | Untried:
    from conda_preflight.solving import snapshot

    try:
        return snapshot.read(file.read_bytes())
    except (OSError, ReadError) as error:
        return Untried(f"the snapshot {file.name} cannot be read: {error}")


def _recorded_platforms(manifest: Manifest, lock: Lock) -> frozenset[str]:
    """The platforms for which the lock was made from the manifest as it is now."""
    from conda_preflight.grammar.conda_lock_hash import content_hashes

    return frozenset(
        platform
        for platform, digest in lock.content_hash.items()
        if digest in content_hashes([manifest], platform)
    )
