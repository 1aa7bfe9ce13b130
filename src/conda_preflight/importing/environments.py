"""Which environment each file of the code runs in, by where manifests lie."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from conda_preflight.documents import Manifest, Package, Prefix, Project, Requirements
from conda_preflight.documents.code import Code
from conda_preflight.importing.beyond import beyond
from conda_preflight.importing.environment import Asker, Environment, environment, names_of
from conda_preflight.pattern import lazy_pattern

_ASIDE = lazy_pattern(
    r"(?:^|/)(?:docs?|\.readthedocs|tests?|ci|\.[a-z]+|binder|examples?|devtools?|dev|benchmarks?"
    r"|tutorials?|third_party|external)(?:/|$)"
)


class Environments:
    """The environment of each file; with an audited prefix all files run in that one."""

    def __init__(self, project: Project, code: Code, *, installed: bool) -> None:
        self._project = project
        self._beyond = beyond(project, code)
        self._packages = dict(_packages(project)) if installed else None
        self._made: dict[tuple[Asker, ...], Environment] = {}
        self._known: dict[str, Environment | None] = {}
        whole: list[Asker] = [m for m in project.of(Manifest) if m.specs or m.pip]
        self._all = whole or [*project.of(Requirements)]
        main = (m for m in self._all if not _ASIDE.search(posixpath.dirname(m.path)))
        self._main = tuple(main)

    def of(self, path: str) -> Environment | None:
        """The environment that a file of the project runs in, None where none is declared."""
        folder = posixpath.dirname(path)
        if folder not in self._known:
            manifests = self._manifests(folder)
            if manifests and manifests not in self._made:
                made = environment(manifests, self._project, self._beyond, self._packages)
                self._made[manifests] = made
            self._known[folder] = self._made.get(manifests)
        return self._known[folder]

    def _manifests(self, folder: str) -> tuple[Asker, ...]:
        """The manifests in the folders above, or all that are not for docs and tests."""
        folders = set(_above(folder))
        above = tuple(m for m in self._all if posixpath.dirname(m.path) in folders)
        return above or self._main


def _packages(project: Project) -> Iterator[tuple[str, Package]]:
    for prefix in project.of(Prefix):
        for package in prefix.packages:
            yield from ((name, package) for name in names_of(package))


def _above(folder: str) -> Iterator[str]:
    yield folder
    while folder:
        folder = posixpath.dirname(folder)
        yield folder
