"""Files as commands name them, and the documents of a project that they may mean."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from conda_preflight.documents import Lock, Manifest, Project, Requirements, Source, Unreadable

Read = Manifest | Lock | Requirements

_OPEN = re.compile(r"[$*?\[\]{}%<>`~()!|]|://|^-|^@|^/dev/|^/proc/")
_LOCK_NAME = re.compile(r"lock|explicit|pixi\.toml|@EXPLICIT", re.IGNORECASE)


def is_plain(written: str) -> bool:
    """Whether it names one file: no variable, pattern, placeholder, URL or stream."""
    return bool(written) and not _OPEN.search(written)


def base(written: str) -> str:
    """The last part of a path."""
    return written.replace("\\", "/").rstrip("/").rpartition("/")[2]


def looks_like_manifest(written: str) -> bool:
    """Whether the name is a manifest's: YAML, and nothing in it says lock."""
    name = base(written)
    return name.lower().endswith((".yml", ".yaml")) and not _LOCK_NAME.search(name)


@lru_cache(maxsize=2)
def files_of(project: Project) -> Files:
    """The files of a project, sorted once for all of its documents."""
    return Files(project)


class Files:
    """The files of a project by base name; one look costs the same in any project."""

    def __init__(self, project: Project) -> None:
        self._read: dict[str, list[Read]] = {}
        for document in project.documents:
            if isinstance(document, Manifest | Lock | Requirements):
                self._read.setdefault(base(document.path), []).append(document)
        self._texts = {d.path: d for d in project.documents if isinstance(d, Source)}
        self._locks: dict[int, list[Lock]] = {}
        self._owners: dict[int, Manifest] = {}
        for manifest, lock in project.pairs:
            self._locks.setdefault(id(manifest), []).append(lock)
            self._owners.setdefault(id(lock), manifest)
        seen = (d.path for d in project.documents if isinstance(d, Source | Unreadable))
        self._known = frozenset(map(base, (*seen, *(project.tracked or ()))))

    def has(self, written: str) -> bool:
        """Whether any folder of the project holds a file of that base name."""
        return base(written) in self._known

    def read(self, written: str) -> tuple[Read, ...]:
        """The manifests, locks and requirements of that base name.

        Where one of them lies where the text says, it alone.
        """
        found = self._read.get(base(written), [])
        text = written.removeprefix("./")
        return tuple([doc for doc in found if doc.path == text] or found)

    def manifests(self, written: str) -> tuple[Manifest, ...]:
        """The manifests of that base name."""
        return tuple(doc for doc in self.read(written) if isinstance(doc, Manifest))

    def text(self, path: str) -> str:
        """The text of the file at that path, empty where it was not read."""
        source = self._texts.get(path)
        return source.text if source else ""

    def locks_of(self, manifest: Manifest) -> tuple[Lock, ...]:
        """As Project.locks_of, without a search."""
        return tuple(self._locks.get(id(manifest), ()))

    def owner(self, lock: Lock) -> Manifest | None:
        """As Project.manifest_of, without a search."""
        return self._owners.get(id(lock))

    def names(self, written: str) -> frozenset[str]:
        """The names of the environments that the file may stand for; empty where none is said."""
        owned = (self.owner(doc) if isinstance(doc, Lock) else doc for doc in self.read(written))
        named = (doc.name for doc in owned if isinstance(doc, Manifest))
        return frozenset(name.text for name in named if name)


def some(names: Iterable[str], limit: int = 4) -> str:
    """``a, b and 3 more``, each name once."""
    found = list(dict.fromkeys(names))
    more = f" and {len(found) - limit} more" if len(found) > limit else ""
    return ", ".join(found[:limit]) + more
