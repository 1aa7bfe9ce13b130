"""The packages of a lock by conda subdir, as every format but pixi's newest names platforms."""

from __future__ import annotations

from conda_preflight.documents import Lock, Package
from conda_preflight.errors import WriteError


def by_subdir(lock: Lock) -> dict[str, tuple[Package, ...]]:
    """Subdirs in alphabetical order, each with its packages in the lock's order.

    Raises WriteError where two platforms of the lock have the same subdir.
    """
    subdirs = {platform: lock.subdirs.get(platform, platform) for platform in _platforms(lock)}
    if len(set(subdirs.values())) < len(subdirs):
        raise WriteError(
            "Two platforms of this lock have the same subdir, which only version 7 of pixi.lock"
            " can tell apart",
            "Lock one of them at a time.",
        )
    found: dict[str, list[Package]] = {subdir: [] for subdir in sorted(subdirs.values())}
    for package in lock.packages:
        found[subdirs[package.platform]].append(package)
    return {subdir: tuple(packages) for subdir, packages in found.items()}


def stated(lock: Lock) -> dict[str, tuple[Package, ...]]:
    """``by_subdir`` for a format that names platforms; raises WriteError where one has no name."""
    found = by_subdir(lock)
    if "" in found:
        raise WriteError(
            "The lock does not say which platform it is for",
            "Write `# platform: linux-64`, or what it is, at its head.",
        )
    return found


def virtual_packages(lock: Lock, subdir: str) -> list[str]:
    """What a subdir was solved for, as sorted texts of ``name=version=build``."""
    from conda_preflight.grammar.virtual_package import text

    found = (v for v in lock.virtual_packages if lock.subdirs.get(v.platform, v.platform) == subdir)
    texts = sorted({text(virtual) for virtual in found})
    if any(not one.isprintable() or " " in one for one in texts):
        raise WriteError("A virtual package of this lock has white space in it")
    return texts


def _platforms(lock: Lock) -> list[str]:
    return list(dict.fromkeys((*lock.platforms, *(p.platform for p in lock.packages))))
