"""``pyproject.toml`` as a manifest: the tables of pixi and of conda-lock.

Sources: pixi's page on pyproject.toml and conda-lock's documentation of its own table. A
pyproject without either is no manifest of a conda environment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from conda_preflight.documents import Location, Manifest, Name, Requirement, Source, Spec
from conda_preflight.grammar.channel import channel
from conda_preflight.grammar.pixi_manifest import Additions, manifests
from conda_preflight.grammar.pixi_spec import conda_spec, pypi_requirement
from conda_preflight.grammar.pyproject_requirements import Pyproject
from conda_preflight.grammar.toml_tree import Path, Tree, load
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import document_type

_TABLES = lazy_pattern(
    r"^[ \t]*\[{1,2}[ \t]*tool[ \t]*\.[ \t]*[\"']?(?:pixi|conda-lock)\b", re.MULTILINE
)
_LOCK = ("tool", "conda-lock")
_PIP_SOURCES = ("pip", "pypi")


def recognizes(source: Source) -> bool:
    """A TOML file with a table of pixi or of conda-lock."""
    return source.path.lower().endswith(".toml") and bool(_TABLES.search(source.text))


def read(source: Source) -> list[Manifest]:
    """A Manifest per environment of pixi, and one of conda-lock's table; none without either."""
    tree = load(source.text)
    project = Pyproject(tree, source.path)
    found: list[Manifest] = []
    pixi = ("tool", "pixi")
    if tree.table(*pixi, "workspace") or tree.table(*pixi, "project"):
        pip = {**project.groups(), "": project.dependencies()}
        more = Additions(project.name(), project.python(), pip)
        found.extend(manifests(tree, source.path, "pyproject.toml", pixi, more))
    if tree.table(*_LOCK):
        found.append(_CondaLock(tree, source.path, project).manifest())
    return found


@document_type
class _CondaLock:
    tree: Tree
    file: str
    project: Pyproject

    def manifest(self) -> Manifest:
        channels = (*_LOCK, "channels")
        listed = self._texts(channels)
        return Manifest(
            path=self.file,
            kind="pyproject.toml",
            location=self.tree.place(self.file, *_LOCK),
            name=self.project.name(),
            channels=tuple(channel(name.text, name.location) for name in listed),
            channels_location=self._place(channels) if channels in self.tree.keys else None,
            specs=tuple(self._specs()),
            pip=(*self.project.dependencies(), *self._all_groups(), *self._pip()),
            platforms=self._texts((*_LOCK, "platforms")),
        )

    def _all_groups(self) -> Iterator[Requirement]:
        for requirements in self.project.groups().values():
            yield from requirements

    def _specs(self) -> Iterator[Spec]:
        named = set()
        for path, value, optional in self._entries():
            if not self._is_pip(value):
                spec = conda_spec(str(path[-1]), value, self._place(path))
                named.add(spec.name)
                yield replace(spec, optional=optional)
        python = self.project.python()
        if python and "python" not in named:
            yield python

    def _pip(self) -> Iterator[Requirement]:
        for path, value, _ in self._entries():
            if self._is_pip(value):
                yield pypi_requirement(str(path[-1]), value, self._place(path))

    def _entries(self) -> Iterator[tuple[Path, object, bool]]:
        """Each dependency of the table with its path and whether it is optional."""
        for table in ("dependencies", "optional-dependencies"):
            for name, value in self.tree.table(*_LOCK, table).items():
                optional = isinstance(value, dict) and value.get("optional") is True
                yield (*_LOCK, table, name), value, optional or table.startswith("optional")

    def _is_pip(self, value: object) -> bool:
        default = self.tree.get(*_LOCK, "default-non-conda-source")
        source = value.get("source", "") if isinstance(value, dict) else ""
        if isinstance(value, dict) and not source and value.keys() & {"git", "url", "path"}:
            return default in (None, *_PIP_SOURCES)
        return source in _PIP_SOURCES

    def _texts(self, path: Path) -> tuple[Name, ...]:
        items = self.tree.get(*path)
        return tuple(
            Name(item, self.tree.value_place(self.file, *path, number))
            for number, item in enumerate(items if isinstance(items, list) else ())
            if isinstance(item, str)
        )

    def _place(self, path: Path) -> Location:
        return self.tree.place(self.file, *path)
