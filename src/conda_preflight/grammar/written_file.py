"""Files as commands name them, and the documents of a project that they may mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from conda_preflight.documents import (
    Dockerfile,
    Lock,
    Manifest,
    Project,
    Requirements,
    Script,
    Source,
)
from conda_preflight.facts.names import normalized
from conda_preflight.grammar.meant_path import Paths
from conda_preflight.pattern import lazy_pattern

Read = Manifest | Lock | Requirements

_OPEN = lazy_pattern(r"[$*?\[\]{}%<>`~()!|]|://|^-|^@|^/dev/|^/proc/")
_PROJECT_NAME = lazy_pattern(r"^name[ \t]*=[ \t]*[\"']([A-Za-z0-9._-]{1,100})", re.MULTILINE)
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
    """The files of a project by path; one look costs the same in any project."""

    def __init__(self, project: Project) -> None:
        self.paths = Paths(project)
        self._by_path: dict[str, list[Read]] = {}
        for document in project.documents:
            if isinstance(document, Manifest | Lock | Requirements):
                self._by_path.setdefault(document.path, []).append(document)
        manifests = project.of(Manifest)
        self.manifest_paths = tuple(dict.fromkeys(m.path for m in manifests))
        self.environment_names = frozenset(m.name.text for m in manifests if m.name)
        self.pixi_environments = frozenset(m.environment for m in manifests if m.environment)
        self.only_manifest = manifests if len(manifests) == 1 else ()
        self._called: dict[str, list[Manifest]] = {}
        for manifest in manifests:
            self._called.setdefault(manifest.name.text if manifest.name else "", []).append(
                manifest
            )
        self._own = frozenset(map(normalized, _own_names(project)))
        self._texts = {d.path: d for d in project.documents if isinstance(d, Source)}
        scripts = tuple(d for d in project.of(Script) if d.kind == "script")
        images = project.of(Dockerfile)
        self._several = {d.path for d in images} | {d.path for d in scripts}
        self._read: dict[tuple[str, str, str], tuple[Read, ...]] = {}
        self._locks: dict[int, list[Lock]] = {}
        self._owners: dict[int, Manifest] = {}
        for manifest, lock in project.pairs:
            self._locks.setdefault(id(manifest), []).append(lock)
            self._owners.setdefault(id(lock), manifest)

    def read(self, written: str, document: str, folder: str = "") -> tuple[Read, ...]:
        """The manifests, locks and requirements that a document means by a path.

        All that it may mean where a Dockerfile or a script does not say which; none where
        none lies where the command would look for it, or that is not known.
        """
        key = (written, document, folder)
        if key not in self._read:
            places = self.paths.meant(written, document, folder) if is_plain(written) else ()
            found = [self._by_path[path] for path in dict.fromkeys(places) if path in self._by_path]
            several = document in self._several
            self._read[key] = tuple(d for docs in (found if several else found[:1]) for d in docs)
        return self._read[key]

    def manifests(self, written: str, document: str, folder: str = "") -> tuple[Manifest, ...]:
        """The manifests that a document means by a path."""
        found = self.read(written, document, folder)
        return tuple(doc for doc in found if isinstance(doc, Manifest))

    def is_own(self, package: str) -> bool:
        """Whether a package is the project itself, by the name that it gives itself."""
        return normalized(package.partition("[")[0]) in self._own

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

    def names(self, written: str, document: str, folder: str = "") -> frozenset[str]:
        """The names of the environments that the file may stand for; empty where none is said."""
        read = self.read(written, document, folder)
        owned = (self.owner(doc) if isinstance(doc, Lock) else doc for doc in read)
        named = [doc.name for doc in owned if isinstance(doc, Manifest)]
        return frozenset(name.text for name in named if name) if all(named) else frozenset()


def _own_names(project: Project) -> Iterator[str]:
    yield project.name
    for source in project.of(Source):
        if base(source.path) == "pyproject.toml":
            yield from _PROJECT_NAME.findall(source.text)


def some(names: Iterable[str], limit: int = 4) -> str:
    """``a, b and 3 more``, each name once."""
    found = list(dict.fromkeys(names))
    more = f" and {len(found) - limit} more" if len(found) > limit else ""
    return ", ".join(found[:limit]) + more
