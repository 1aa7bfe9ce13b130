"""``pixi.lock`` (and ``magic.lock``), versions 1 to 7; source: rattler_lock's file format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from conda_preflight.documents import Document, Lock, Name, Source
from conda_preflight.grammar import lock_kind, package_list
from conda_preflight.grammar.lock_record import Record, fault, layout, open_lock, version
from conda_preflight.grammar.pixi_environment import Environment, Platforms, Shelf
from conda_preflight.grammar.virtual_package import in_comments

OLDEST_WITH_ENVIRONMENTS = 4
OLD_TOP = frozenset(("version", "metadata", "package"))
TOP = frozenset(("version", "platforms", "environments", "packages"))


def recognizes(source: Source) -> bool:
    """A YAML text with ``environments`` and ``packages``, an older shape, or that name."""
    return lock_kind.kind_of(source) == lock_kind.PIXI_LOCK


def read(source: Source) -> list[Document]:
    """One Lock per environment, and a Layout where the syntax gave something away."""
    stream, top = open_lock(source.text, source.path, "pixi.lock")
    number = version(top, range(1, 8))
    locks = _old(top, number) if int(number) < OLDEST_WITH_ENVIRONMENTS else _locks(top, number)
    locks = _with_comments(locks, source)
    return [*locks, *layout(stream, source.path, lock_kind.PIXI_LOCK, _unknown(top, number))]


def _with_comments(locks: list[Lock], source: Source) -> list[Lock]:
    """The locks with the virtual packages that comments add to those of their platforms."""
    said = tuple(in_comments(source))
    if not said:
        return locks
    return [
        replace(
            lock,
            virtual_packages=(
                *lock.virtual_packages,
                *(v for v in said if v.platform in lock.platforms),
            ),
        )
        for lock in locks
    ]


def _old(top: Record, number: str) -> list[Lock]:
    entries = package_list.records(top)
    return [package_list.lock(top, entries, lock_kind.PIXI_LOCK, number, "default")]


def _locks(top: Record, number: str) -> list[Lock]:
    environments = top.record("environments")
    if environments is None or not environments.fields:
        raise fault(top.node, "pixi.lock has no `environments`")
    shelf = Shelf(top)
    entries = package_list.count(shelf.managers)
    return [
        Lock(
            path=top.path,
            kind=lock_kind.PIXI_LOCK,
            version=number,
            location=made.location,
            platforms=made.platforms,
            packages=made.packages,
            channels=made.channels,
            virtual_packages=made.virtual_packages,
            environment=made.name,
            entries=entries,
            subdirs=made.subdirs,
            indexes=made.indexes,
        )
        for made in _environments(environments, top, shelf)
    ]


def _environments(environments: Record, top: Record, shelf: Shelf) -> Iterator[Environment]:
    """Each environment once, a doubled name with its last value."""
    names = {key.text: key for key, _ in environments.node.items()}
    platforms = Platforms(top)
    for text, node in environments.fields.items():
        yield Environment(names[text], node, top.path, shelf, platforms)


def _unknown(top: Record, number: str) -> list[Name]:
    old = int(number) < OLDEST_WITH_ENVIRONMENTS
    return top.unknown(OLD_TOP if old else TOP)
