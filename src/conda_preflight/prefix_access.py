"""What an audit may ask of the prefixes that it was given; only imported where there is one."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from conda_preflight import verification
from conda_preflight.accounting.inventories import Inventories
from conda_preflight.accounting.outsides import Outsides
from conda_preflight.accounting.verifications import Verifications
from conda_preflight.cache_place import cache_folder
from conda_preflight.config import Settings
from conda_preflight.documents import Host, Prefix, Project
from conda_preflight.documents.accounts import Accounts
from conda_preflight.documents.libraries import Libraries
from conda_preflight.errors import UsageError
from conda_preflight.freezing.freezes import Freezes
from conda_preflight.loading.loaders import Loaders
from conda_preflight.per_prefix import PerPrefix
from conda_preflight.readers import freeze, inventory, libraries, outside

_HERE = Path("/")


def prefix_engines(
    project: Project,
    settings: Settings,
    *,
    cache: bool,
    system: str | None,
    told: Callable[[str, int, int], None] | None,
) -> dict[str, PerPrefix[Any]]:
    """What reads the files of prefixes, by the type that checks name; nothing is read yet.

    Raises UsageError where a prefix does not lie below the root directory of ``system``.
    """
    root = _root(project, system)
    inventories = Inventories(lambda prefix: inventory.read(Path(prefix.root), prefix.path))

    def verify(prefix: Prefix) -> Accounts:
        return verification.verify(
            Path(prefix.root),
            prefix.path,
            lambda _, __: inventories.of(prefix),
            level=settings.verify or "digests",
            cache=cache_folder() / "digests" if cache else None,
            told=told,
            seen=_seen(Path(prefix.root), root),
        )

    def load(prefix: Prefix) -> Libraries:
        directory = Path(prefix.root)
        host = None if root != _HERE else next(iter(project.of(Host)), None)
        environment = _of_active(directory)
        return libraries.read(directory, prefix.path, root=root, host=host, environment=environment)

    return {
        "Inventories": inventories,
        "Verifications": Verifications(verify),
        "Outsides": Outsides(lambda p: outside.read(Path(p.root), os.environ, Path.home())),
        "Loaders": Loaders(load),
        "Freezes": Freezes(lambda prefix: freeze.read(Path(prefix.root))),
    }


def _root(project: Project, system: str | None) -> Path:
    """The root of the system beside a prefix; raises UsageError where no prefix is below it."""
    root = Path(system).resolve() if system else _HERE
    for prefix in project.of(Prefix):
        if prefix.root and not Path(prefix.root).resolve().is_relative_to(root):
            raise UsageError(f"{prefix.root} is not below {root}", "--root holds the environment.")
    return root


def _seen(prefix: Path, root: Path) -> str:
    """The path that a prefix has in the system below a root; empty where it is this one."""
    return f"/{prefix.resolve().relative_to(root).as_posix()}" if root != _HERE else ""


def _of_active(prefix: Path) -> Mapping[str, str]:
    """The variables of this process where the prefix is the active one."""
    active = os.environ.get("CONDA_PREFIX", "")
    return os.environ if active and Path(active).resolve() == prefix.resolve() else {}
