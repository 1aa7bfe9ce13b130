"""Which of many documents are meant: the lock of a project, its manifests, some of its places."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from conda_preflight.documents import (
    Document,
    Lock,
    Manifest,
    Prefix,
    Requirements,
    Unreadable,
)
from conda_preflight.errors import UsageError
from conda_preflight.installation import (
    Installation,
    Place,
    asks,
    of_lock,
    of_prefix,
    pip_half,
    with_pip_half,
)
from conda_preflight.pairing import pair
from conda_preflight.plain import document_type, value_type

HERE = "this directory"
D = TypeVar("D", Lock, "Manifest | Requirements")
_PIXI = ("pixi.toml", "pyproject.toml")


@value_type
class Choice:
    """What of a project is meant: files by their paths in it, platforms and environments."""

    lock: str = ""
    manifest: str = ""
    platforms: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()


@document_type
class Subject:
    """One side of a comparison, or what a question is about.

    ``name`` is what to call it (``. at HEAD~1``), ``lock`` what to call the lock that was found in
    it; ``installations`` are empty where it is a manifest alone; ``lone`` is true where it can only
    ever hold one platform, as a prefix does; ``notes`` are sentences about what could not be read.
    """

    name: str
    lock: str
    manifests: tuple[Manifest | Requirements, ...] = ()
    installations: tuple[Installation, ...] = ()
    lone: bool = False
    notes: tuple[str, ...] = ()


def select(
    name: str,
    documents: Sequence[Document],
    choice: Choice,
    path: Path | None = None,
    *,
    where: str = "",
) -> Subject:
    """What the documents say, after the choice; raises UsageError where that is nothing.

    ``where`` follows the name of a file of a project: `` in examples``, `` at HEAD~1``.
    """
    prefixes = [doc for doc in documents if isinstance(doc, Prefix)]
    unread = [doc for doc in documents if isinstance(doc, Unreadable)]
    manifests = [doc for doc in documents if isinstance(doc, Manifest | Requirements)]
    if prefixes:
        return _of_prefix(name, prefixes[0], unread, choice)
    locks = _chosen([doc for doc in documents if isinstance(doc, Lock)], choice.lock, "lock", path)
    owners = _owners(manifests, locks, choice, path)
    if not locks and not owners:
        raise UsageError(*_nothing(name, unread))
    halves = [pip_half(lock, documents) for lock in locks]
    files = _files([*locks, *filter(None, halves)])
    named = f"{' and '.join(files)}{where}" if files and (where or name == HERE) else name
    installations = [
        with_pip_half(one, half) if half else one
        for lock, half in zip(locks, halves, strict=True)
        for one in of_lock(lock)
    ]
    lone = all(lock.kind in ("explicit", "conda-list") for lock in locks) and bool(locks)
    whole = Subject(name, named, tuple(owners), tuple(installations), lone, _notes(unread, locks))
    return _with_asks(_narrowed(whole, choice))


def _of_prefix(name: str, prefix: Prefix, unread: Sequence[Unreadable], choice: Choice) -> Subject:
    notes = tuple(f"{doc.path}: {doc.message}" for doc in unread)
    return _narrowed(Subject(name, name, (), (of_prefix(prefix),), lone=True, notes=notes), choice)


def _nothing(name: str, unread: Sequence[Unreadable]) -> tuple[str, str]:
    if unread:
        first = unread[0]
        return f"{first.path}: {first.message}", first.hint
    hint = "Name a manifest, a lock, a project that has one, or a prefix."
    return f"{name} holds neither a lock nor a manifest", hint


def _notes(unread: Sequence[Unreadable], locks: Sequence[Lock]) -> tuple[str, ...]:
    """What could not be read, where it is part of what is shown or might have been."""
    sure = [doc for doc in unread if not locks or doc.path.endswith(("lock", "lock.yml"))]
    return tuple(f"{doc.path}: {doc.message}" for doc in sure)


def _chosen(found: list[D], named: str, what: str, path: Path | None) -> list[D]:
    """The documents of one file: the named one, the only one, or the one nearest to the top."""
    if named:
        return _by_name(found, named, what, path)
    top = min((doc.path.count("/") for doc in found), default=0)
    nearest = [doc for doc in found if doc.path.count("/") == top]
    files = _files(nearest)
    first = _files([doc for doc in nearest if _goes_first(doc)])
    if len(files) > 1 and len(first) == 1:
        return [doc for doc in nearest if doc.path in first]
    if len(files) > 1 and not _one_per_platform(nearest):
        names = ", ".join(files)
        raise UsageError(f"There are several {what}s: {names}", f"Choose one: --{what} FILE.")
    return nearest


def _goes_first(doc: Document) -> bool:
    """Whether it is the lock of all platforms, or a manifest of the usual name."""
    if isinstance(doc, Lock):
        return doc.kind in ("conda-lock", "pixi.lock")
    return posixpath.basename(doc.path) in ("environment.yml", "environment.yaml", "pixi.toml")


def _files(found: Iterable[Document]) -> list[str]:
    return list(dict.fromkeys(doc.path for doc in found))


def _one_per_platform(found: Sequence[Document]) -> bool:
    """Whether they are explicit lists of one environment: one name but for the platform."""
    locks = [doc for doc in found if isinstance(doc, Lock) and doc.kind == "explicit"]
    names = {lock.path.replace(p, "*") for lock in locks for p in lock.platforms}
    platforms = {p for lock in locks for p in lock.platforms}
    return len(locks) == len(found) == len(platforms) and len(names) == 1


def _by_name(found: list[D], named: str, what: str, path: Path | None) -> list[D]:
    wanted = {posixpath.normpath(named), below(path, named) if path else named}
    chosen = [doc for doc in found if doc.path in wanted]
    if not chosen:
        known = ", ".join(_files(found)) or "none"
        raise UsageError(f"There is no {what} {named} here", f"Known are: {known}.")
    return chosen


def _owners(
    manifests: list[Manifest | Requirements], locks: list[Lock], choice: Choice, path: Path | None
) -> list[Manifest | Requirements]:
    """The manifests that the locks were made from, or those of one file where there is no lock."""
    if choice.manifest:
        return _chosen(manifests, choice.manifest, "manifest", path)
    whole = [doc for doc in manifests if isinstance(doc, Manifest) and not doc.partial]
    if not locks:
        return _chosen([*whole] or manifests, "", "manifest", path)
    kept = {id(manifest) for manifest, _ in pair(whole, locks)}
    return [doc for doc in whole if id(doc) in kept]


def _narrowed(subject: Subject, choice: Choice) -> Subject:
    """Only the chosen environments and platforms; raises UsageError where they are not there."""
    places = [one.place for one in subject.installations]
    environments = [p.environment for p in (*places, *map(place_of, subject.manifests))]
    _refuse("environment", choice.environments, environments, subject.name)
    if places:
        _refuse("platform", choice.platforms, [p.platform for p in places], subject.name)
    kept = tuple(one for one in subject.installations if _is_chosen(one.place, choice))
    manifests = tuple(
        m for m in subject.manifests if _is_chosen(place_of(m), choice, manifest=True)
    )
    return replace(subject, installations=kept, manifests=manifests)


def below(path: Path, named: str) -> str:
    """A file as documents of that path name it: below the project, else as it is named."""
    root = (path if path.is_dir() else path.parent).resolve()
    full = Path(named).resolve()
    return full.relative_to(root).as_posix() if full.is_relative_to(root) else named


def place_of(manifest: Manifest | Requirements) -> Place:
    """The environment that a manifest is of; a file for one environment has none."""
    kinds = isinstance(manifest, Manifest) and manifest.kind in _PIXI
    named = manifest.environment if isinstance(manifest, Manifest) else ""
    return Place(named or "default") if kinds else Place()


def _is_chosen(place: Place, choice: Choice, *, manifest: bool = False) -> bool:
    wanted = choice.environments
    here = not wanted or not place.environment or place.environment in wanted
    return here and (manifest or not choice.platforms or place.platform in choice.platforms)


def _refuse(what: str, wanted: Iterable[str], known: Iterable[str], name: str) -> None:
    names = [each for each in dict.fromkeys(known) if each]
    for each in wanted if names else ():
        if each not in names:
            raise UsageError(f"{name} has no {what} {each}", f"Known are: {', '.join(names)}.")


def _with_asks(subject: Subject) -> Subject:
    """Each installation with what the manifests of its environment ask for."""
    filled = tuple(_asked(subject, one) for one in subject.installations)
    return replace(subject, installations=filled)


def _asked(subject: Subject, one: Installation) -> Installation:
    environment = one.place.environment
    mine = [m for m in subject.manifests if place_of(m).environment in ("", environment)]
    return replace(one, asked=asks(mine if environment else subject.manifests, one))
