"""Files as commands name them, and the documents of a project that they may mean."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from functools import lru_cache

from conda_preflight.documents import Lock, Manifest, Project, Requirements, Source, Unreadable
from conda_preflight.pattern import lazy_pattern

Read = Manifest | Lock | Requirements

_OPEN = lazy_pattern(r"[$*?\[\]{}%<>`~()!|]|://|^-|^@|^/dev/|^/proc/")
_LOCK_NAME = lazy_pattern(r"lock|explicit|pixi\.toml|@EXPLICIT", re.IGNORECASE)


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
        self._by_base: dict[str, list[Read]] = {}
        self._by_path: dict[str, list[Read]] = {}
        for document in project.documents:
            if isinstance(document, Manifest | Lock | Requirements):
                self._by_base.setdefault(base(document.path), []).append(document)
                self._by_path.setdefault(document.path, []).append(document)
        manifests = project.of(Manifest)
        self.manifest_paths = tuple(dict.fromkeys(m.path for m in manifests))
        self.environment_names = frozenset(m.name.text for m in manifests if m.name)
        self.only_manifest = manifests if len(manifests) == 1 else ()
        self._called: dict[str, list[Manifest]] = {}
        for manifest in manifests:
            self._called.setdefault(manifest.name.text if manifest.name else "", []).append(
                manifest
            )
        self._texts = {d.path: d for d in project.documents if isinstance(d, Source)}
        self._names: dict[tuple[str, str], frozenset[str]] = {}
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

    def read(self, written: str, document: str = "") -> tuple[Read, ...]:
        """The manifests, locks and requirements that a document means by a path.

        The file beside the document or at that path from the top, else all of that base name.
        """
        folder, name = posixpath.dirname(document), base(written)
        for path in (posixpath.join(folder, written), written, posixpath.join(folder, name)):
            if found := self._by_path.get(posixpath.normpath(path)):
                return tuple(found)
        return tuple(self._by_base.get(name, ()))

    def manifests(self, written: str, document: str = "") -> tuple[Manifest, ...]:
        """The manifests that a document means by a path."""
        return tuple(doc for doc in self.read(written, document) if isinstance(doc, Manifest))

    def called(self, name: str) -> tuple[Manifest, ...]:
        """The manifests of an environment of that name."""
        return tuple(self._called.get(name, ()))

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

    def names(self, written: str, document: str = "") -> frozenset[str]:
        """The names of the environments that the file may stand for; empty where none is said."""
        key = (posixpath.dirname(document), written)
        if key not in self._names:
            read = self.read(written, document)
            owned = (self.owner(doc) if isinstance(doc, Lock) else doc for doc in read)
            named = (doc.name for doc in owned if isinstance(doc, Manifest))
            self._names[key] = frozenset(name.text for name in named if name)
        return self._names[key]


def some(names: Iterable[str], limit: int = 4) -> str:
    """``a, b and 3 more``, each name once."""
    found = list(dict.fromkeys(names))
    more = f" and {len(found) - limit} more" if len(found) > limit else ""
    return ", ".join(found[:limit]) + more
