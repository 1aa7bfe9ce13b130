"""Whether an audit may ask channels: over the network, as files, from a snapshot, or not at all.

This is decided before anything of a solve is imported, which an audit without one must not
pay for.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conda_preflight.config import LEVELS, ONLINE, PRIORITIES, Settings
from conda_preflight.documents import Dockerfile, Lock, Manifest, Prefix, Project, Requirements
from conda_preflight.errors import UsageError
from conda_preflight.importing.sources import Sources
from conda_preflight.solving import SNAPSHOT
from conda_preflight.waiver_setting import WAIVER_KEYS

if TYPE_CHECKING:
    from datetime import datetime

    from conda_preflight.advisories.source import Source
    from conda_preflight.advisories.vulnerabilities import Upgraded, Vulnerabilities
    from conda_preflight.documents.code import Code, Modules
    from conda_preflight.documents.inventory import Inventory
    from conda_preflight.per_prefix import PerPrefix
    from conda_preflight.solving.site import Site

NAMES = ("Solves", "PipHalves", "Sharing", "Channels")
"""The types by which checks name what they ask."""

HOW = "a solve is made with --solve"
_OFF = "solving is switched off (--no-solve)"
_OFFLINE = "its channels need a network, and --offline forbids it"
NO_DATABASE = "no advisory database: conda-preflight db update"
_PATHS = ("file://", "/", "./", "../", "~/")


def engines(
    project: Project,
    root: Path,
    settings: Settings,
    *,
    offline: bool = False,
    seconds: float = 300.0,
    cache: bool = True,
    system: str | None = None,
    now: datetime | None = None,
    told: Callable[[str, int, int], None] | None = None,
) -> Mapping[str, object]:
    """What checks may ask of the world, by the type that they name, or a text that says why not.

    Nothing is asked yet. ``root`` is the folder from which the paths of the project count;
    ``seconds`` bound each question; without ``cache`` no digest of before is believed;
    ``system`` is the root directory of the system that prefixes will run on; ``told`` hears how
    far long work is; the ages of advisories are counted to ``now``. Raises
    UsageError for settings that mean nothing.
    """
    _refuse_wrong(settings)
    asked = _asking(project, root, settings, offline=offline, seconds=seconds)
    prefixes: Mapping[str, PerPrefix[Any]] = {}
    if project.of(Prefix):
        from conda_preflight.prefix_access import prefix_engines

        prefixes = prefix_engines(project, settings, cache=cache, system=system, told=told)
    sources = _sources(project, root, settings, prefixes.get("Inventories"))
    known = vulnerabilities(settings, now, upgrades(project, asked["Solves"]), offline=offline)
    others = {**_others(project), **_policies(settings)}
    return {**asked, **prefixes, "Sources": sources, "Vulnerabilities": known, **others}


def upgrades(project: Project, solves: object) -> Upgraded | None:
    """What tells whether an upgrade can be had, where manifests are solved."""
    if isinstance(solves, str):
        return None
    from conda_preflight.solving.solves import Solves
    from conda_preflight.upgrades import Upgrades

    return Upgrades(project, solves).told if isinstance(solves, Solves) else None


def vulnerabilities(
    settings: Settings,
    now: datetime | None = None,
    upgraded: Upgraded | None = None,
    *,
    offline: bool = False,
) -> Vulnerabilities | str:
    """What knows of vulnerabilities, or a text where there is no database and none was named.

    A named one that is not there is no reason to skip: what it is asked for is then unknown.
    """
    from conda_preflight.cache_place import advisory_file

    days = _days(settings.max_age)
    file = advisory_file(settings.db)
    named = bool(settings.db or os.environ.get("CONDA_PREFLIGHT_DB"))
    if not named and not file.exists():
        return NO_DATABASE
    from datetime import UTC, datetime

    from conda_preflight import toolbox
    from conda_preflight.advisories.vulnerabilities import Vulnerabilities
    from conda_preflight.readers.recipe import patches

    def opened() -> Source:
        if settings.db != ONLINE:
            return toolbox.advisories(settings.db)
        if offline:
            raise UsageError("OSV's service needs a network, and --offline forbids it")
        return toolbox.online_advisories()

    return Vulnerabilities(opened, now or datetime.now(UTC), days, patches, upgraded)


def _days(text: str) -> float:
    try:
        days = float(text or 0)
    except ValueError:
        days = -1.0
    if not 0 <= days < 1e6:  # noqa: PLR2004  (also what is no number)
        raise UsageError(f"max-age is a number of days, not {text!r}", "As 5.")
    return days


def _policies(settings: Settings) -> Mapping[str, object]:
    """What asks the policies of the house, where some are named."""
    if not settings.policy.rego:
        return {}
    from conda_preflight import toolbox
    from conda_preflight.policy_files import read_policies

    read = read_policies(settings.policy)
    return {"Policies": toolbox.policies(read, told_policies(settings))}


def told_policies(settings: Settings) -> Mapping[str, object]:
    """What the policies of the house are told of the settings."""
    keys = (*WAIVER_KEYS, "line")
    return {
        "fail_on": settings.fail_on.value,
        "platforms": settings.platforms,
        "waivers": [{key: getattr(each, key) or None for key in keys} for each in settings.waivers],
    }


def _stacks(project: Project) -> Mapping[str, object]:
    """What tells the needs of locks, prefixes and requirements, where there are any."""
    if not any(map(project.of, (Lock, Prefix, Requirements))):
        return {}
    from conda_preflight.fitting.stacks import Stacks

    return {"Stacks": Stacks(project)}


def _others(project: Project) -> Mapping[str, object]:
    """What is asked of single kinds of documents, where there are any."""
    if not project.of(Dockerfile):
        return _stacks(project)
    from conda_preflight import toolbox

    return {**_stacks(project), "Hadolint": toolbox.hadolint()}


def _sources(
    project: Project, root: Path, settings: Settings, inventories: PerPrefix[Inventory] | None
) -> Sources | str:
    """What reads the project's code and the modules of its environment, when it is asked."""
    if project.path != ".":
        return "only the code of a directory is read"

    def code() -> Code:
        from conda_preflight import code_folder

        return code_folder.read(root, settings.exclude)

    def modules() -> Modules | None:
        from conda_preflight.grammar.module_index import index

        prefixes = project.of(Prefix)
        if len(prefixes) != 1 or inventories is None:
            return None
        return index(inventories.of(prefixes[0])) if prefixes[0].root else None

    return Sources(code, modules)


def _asking(
    project: Project, root: Path, settings: Settings, *, offline: bool, seconds: float
) -> Mapping[str, object]:
    """What asks channels, or why they are not asked."""
    network = settings.solve is True and not offline
    beyond = "" if network else _OFFLINE if offline else HOW
    if settings.solve is False:
        return dict.fromkeys(NAMES, _OFF)
    if beyond and not any(_at_hand(project, root, settings)):
        return dict.fromkeys(NAMES, beyond)
    from conda_preflight.reach import Reach
    from conda_preflight.solving.pip_halves import PipHalves
    from conda_preflight.solving.sharing import Sharing

    reach = Reach(
        project,
        root,
        site_of(settings),
        lambda local: "" if local else beyond,
        network=network,
        seconds=seconds,
    )
    solves = reach.solves(settings.platforms, is_stated=bool(settings.channel_priority))
    return {
        "Solves": solves,
        "PipHalves": PipHalves(project, solves),
        "Sharing": Sharing(solves),
        "Channels": reach.channels(),
    }


def _at_hand(project: Project, root: Path, settings: Settings) -> Iterator[bool]:
    """Whether something here may be answered without a network."""
    yield settings.channel_alias.startswith("file://")
    for manifest in project.of(Manifest):
        yield any(channel.text.startswith(_PATHS) for channel in manifest.channels)
    for lock in project.of(Lock):
        yield any(package.url.startswith("file://") for package in lock.packages[:1])
        yield (root / (lock.path + SNAPSHOT)).is_file()


def site_of(settings: Settings) -> Site:
    """What the settings say about a solve; raises UsageError for what they cannot mean."""
    from conda_preflight.solving.site import Site
    from conda_preflight.solving.tiers import ALIAS

    _refuse_wrong(settings)
    return Site(
        alias=(settings.channel_alias or ALIAS).rstrip("/"),
        strict=settings.channel_priority != "disabled",
        exclude_newer=_time(settings.exclude_newer),
        virtual_packages=tuple(_virtual(text) for text in settings.virtual_packages),
    )


def _refuse_wrong(settings: Settings) -> None:
    alias, priority = settings.channel_alias, settings.channel_priority
    if alias and "://" not in alias:
        raise UsageError(f"channel-alias is a URL, not {alias!r}", "As https://host/channels.")
    if settings.verify not in ("", *LEVELS):
        raise UsageError(f"verify is {', '.join(LEVELS)}, not {settings.verify!r}")
    if priority not in ("", *PRIORITIES):
        raise UsageError(f"channel-priority is {' or '.join(PRIORITIES)}, not {priority!r}")
    _time(settings.exclude_newer)
    for text in settings.virtual_packages:
        _virtual(text)


def _virtual(text: str) -> tuple[str, str, str]:
    from conda_preflight.grammar.conda_order import parse

    name, _, rest = text.partition("=")
    version, _, build = rest.partition("=")
    if not name.startswith("__") or parse(version) is None:
        raise UsageError(f"A virtual package is NAME=VERSION, not {text!r}", "As __cuda=12.8.")
    return name, version, build or "0"


def _time(text: str) -> str:
    if not text:
        return ""
    from datetime import UTC, datetime

    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        raise UsageError(f"exclude-newer is a time, not {text!r}", "As 2026-01-31.") from None
