"""One lock file as people see it: several environments of a pixi.lock share its packages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from conda_preflight.documents import Lock, Manifest, Package, Project

GENERIC_FIX = "Lock again with `conda-preflight lock`."
_FIXES = {
    "pixi.lock": "Lock again with `pixi lock`.",
    "conda-list": "Write a lock with `conda-preflight lock`.",
}


def environments(lock: Lock, project: Project) -> tuple[Lock, ...]:
    """The environments of the lock's file, when it is the first of them; else none.

    What concerns a file is judged, and told, with its first environment.
    """
    together = _files(project).get(lock.path, [lock])
    return tuple(together) if together[0] is lock else ()


def packages_of_file(lock: Lock, project: Project) -> list[Package]:
    """Every package of the lock's file once, when the lock is the file's first; else none.

    Virtual packages, which old versions of conda-lock wrote down, are left out.
    """
    found = environments(lock, project)
    every = dict.fromkeys(package for one in found for package in one.packages)
    return [package for package in every if not package.name.startswith("__")]


def owners(lock: Lock, project: Project) -> tuple[Manifest, ...]:
    """The manifests that the lock was made from, a later one overriding an earlier."""
    return tuple(_owners(project).get(lock, ()))


def knows_all_sources(lock: Lock, project: Project) -> bool:
    """Whether every manifest that went into the lock is audited with it."""
    return 0 < len(owners(lock, project)) >= len(lock.sources)


def subdir(lock: Lock, platform: str) -> str:
    """The conda subdir of one of the lock's platforms."""
    return lock.subdirs.get(platform, platform)


def some(names: Iterable[str], limit: int = 3) -> str:
    """``a, b, c and 5 more``, each name once."""
    found: Sequence[str] = list(dict.fromkeys(names))
    shown = ", ".join(found[:limit])
    return f"{shown} and {len(found) - limit} more" if len(found) > limit else shown


def again(lock: Lock) -> str:
    """The sentence that says how to lock anew."""
    return _FIXES.get(lock.kind, GENERIC_FIX)


def folder(path: str) -> str:
    """The folder of a path in the project, empty for the top."""
    return path.rpartition("/")[0]


@lru_cache(maxsize=4)
def _files(project: Project) -> dict[str, list[Lock]]:
    """The locks of a project by the file that they stand in."""
    found: dict[str, list[Lock]] = {}
    for lock in project.of(Lock):
        found.setdefault(lock.path, []).append(lock)
    return found


@lru_cache(maxsize=4)
def _owners(project: Project) -> dict[Lock, list[Manifest]]:
    found: dict[Lock, list[Manifest]] = {}
    for manifest, lock in project.pairs:
        found.setdefault(lock, []).append(manifest)
    return found
