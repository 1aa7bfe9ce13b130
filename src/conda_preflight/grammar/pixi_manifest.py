"""Pixi's tables, in ``pixi.toml`` or below ``[tool.pixi]``, as one Manifest per environment.

Source: pixi's manifest reference. An environment is its features and, unless it says
otherwise, the default feature, which is everything outside ``[feature]``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace

from conda_preflight.documents import (
    PLATFORMS,
    Channel,
    Location,
    Manifest,
    Name,
    Requirement,
    Spec,
    VirtualPackage,
)
from conda_preflight.errors import ReadError
from conda_preflight.grammar.channel import channel
from conda_preflight.grammar.pixi_spec import conda_spec, pypi_requirement
from conda_preflight.grammar.toml_tree import Path, Tree
from conda_preflight.plain import document_type

MAX_ENVIRONMENTS = 500
MAX_LISTED = 100
"""Platforms or channels of one list."""
MAX_TARGETS = 1000
MAX_PARTS = 50_000
"""What all environments together are made of, since each repeats the default feature."""
_CONDA = ("dependencies", "host-dependencies", "build-dependencies", "run-dependencies")
_FAMILIES = {
    "unix": ("linux-", "osx-"),
    "linux": ("linux-",),
    "osx": ("osx-",),
    "macos": ("osx-",),
    "win": ("win-",),
}
_VIRTUAL = {
    "linux": "__linux",
    "cuda": "__cuda",
    "macos": "__osx",
    "archspec": "__archspec",
    "libc": "__glibc",
}


@document_type
class Additions:
    """What ``[project]`` of a pyproject adds: requirements by feature, "" is the default one."""

    name: Name | None = None
    python: Spec | None = None
    pip: Mapping[str, tuple[Requirement, ...]] = field(default_factory=dict)


def manifests(tree: Tree, file: str, kind: str, base: Path, more: Additions) -> list[Manifest]:
    """The environments below ``base``; raises ReadError where pixi would refuse the tables."""
    reading = _Reading(tree, file, kind, base, more)
    environments = tree.table(*base, "environments")
    if len(environments) > MAX_ENVIRONMENTS:
        raise ReadError(f"The file defines more than {MAX_ENVIRONMENTS} environments")
    reading.count_targets()
    found: list[Manifest] = []
    parts = 0
    for name in environments:
        made = reading.environment(name)
        parts += len(made.specs) + len(made.pip) + len(made.channels) + len(made.variables)
        if parts > MAX_PARTS:
            raise ReadError(f"The environments hold more than {MAX_PARTS} entries in all")
        found.append(made)
    if "default" in environments:
        return found
    default = reading.manifest("default" if environments else "", ("",))
    return [default, *found]


@document_type
class _Reading:
    tree: Tree
    file: str
    kind: str
    base: Path
    more: Additions
    specs: dict[Path, Spec] = field(default_factory=dict)

    def count_targets(self) -> None:
        """Raise ReadError for more tables of targets than a workspace could need."""
        features = self.tree.table(*self.base, "feature")
        roots = [self.base, *map(self._root, features)]
        if sum(len(self.tree.table(*root, "target")) for root in roots) > MAX_TARGETS:
            raise ReadError(f"The file has tables for more than {MAX_TARGETS} targets")

    def environment(self, name: str) -> Manifest:
        path = (*self.base, "environments", name)
        value = self.tree.get(*path)
        table = value if isinstance(value, dict) else {}
        listed = table.get("features", []) if table else value
        if not isinstance(listed, list):
            raise self._error(f"The environment {name[:60]} is no list of features", path)
        features = [feature for feature in listed if isinstance(feature, str)]
        for feature in features:
            if not self._is_feature(feature):
                raise self._no_feature(name, feature, path)
        default = [] if table.get("no-default-feature") is True else [""]
        named = [feature if feature != "default" else "" for feature in features]
        return self.manifest(name, tuple(dict.fromkeys((*default, *named))))

    def _is_feature(self, name: str) -> bool:
        known = self.tree.table(*self.base, "feature")
        return name in known or name in self.more.pip or name == "default"

    def manifest(self, environment: str, features: tuple[str, ...]) -> Manifest:
        roots = [self._root(feature) for feature in features]
        platforms = self._platforms(roots)
        texts = tuple(name.text for name in platforms)
        place = self.tree.place(self.file, *self.base, "environments", environment)
        workspace = self._workspace()
        name = self.tree.get(*workspace, "name")
        channels = (*workspace, "channels")
        return Manifest(
            path=self.file,
            kind=self.kind,
            location=place if environment else Location(self.file, 1, 1),
            name=self._name((*workspace, "name")) if isinstance(name, str) else self.more.name,
            channels=self._channels(roots, channels),
            channels_location=self._place(channels) if channels in self.tree.keys else None,
            specs=tuple(self._specs(features, roots, texts)),
            pip=tuple(self._pip(features, roots, texts)),
            pip_locations=tuple(self._pip_tables(roots)),
            platforms=platforms,
            variables=tuple(self._variables(roots)),
            environment=environment,
            virtual_packages=tuple(self._virtual(roots)),
        )

    def _root(self, feature: str) -> Path:
        return (*self.base, "feature", feature) if feature else self.base

    def _workspace(self) -> Path:
        new = (*self.base, "workspace")
        return new if self.tree.table(*new) else (*self.base, "project")

    def _platforms(self, roots: list[Path]) -> tuple[Name, ...]:
        """The platforms of the workspace that every feature which names some has too."""
        found = self._names((*self._workspace(), "platforms"))
        for root in roots:
            if root != self.base and isinstance(self.tree.get(*root, "platforms"), list):
                own = self._names((*root, "platforms"))
                texts = {name.text for name in own}
                found = [name for name in found if name.text in texts] if found else own
        return tuple(found)

    def _channels(self, roots: list[Path], workspace: Path) -> tuple[Channel, ...]:
        """Channels of features first, then the workspace's; a higher priority goes before."""
        found: dict[str, tuple[int, Channel]] = {}
        own = [(*root, "channels") for root in roots if root != self.base]
        for path in (*own, workspace):
            for number, item in enumerate(self._listed(path)):
                text = item.get("channel") if isinstance(item, dict) else item
                weight = item.get("priority", 0) if isinstance(item, dict) else 0
                if isinstance(text, str) and text not in found:
                    place = self.tree.value_place(self.file, *path, number)
                    rank = weight if isinstance(weight, int) else 0
                    found[text] = (-rank, channel(text, place))
        return tuple(one for _, one in sorted(found.values(), key=lambda pair: pair[0]))

    def _specs(
        self, features: tuple[str, ...], roots: list[Path], platforms: tuple[str, ...]
    ) -> Iterator[Spec]:
        asked = False
        for path, only in self._tables(roots, _CONDA, platforms):
            for name, value in self._table(path).items():
                asked = asked or name == "python"
                spec = self._spec((*path, name), value)
                yield replace(spec, platforms=only) if only else spec
        if self.more.python and "" in features and not asked:
            yield self.more.python

    def _spec(self, path: Path, value: object) -> Spec:
        """Parsed once, however many environments have it."""
        if path not in self.specs:
            self.specs[path] = conda_spec(str(path[-1]), value, self._place(path))
        return self.specs[path]

    def _pip(
        self, features: tuple[str, ...], roots: list[Path], platforms: tuple[str, ...]
    ) -> Iterator[Requirement]:
        for feature in features:
            yield from self.more.pip.get(feature, ())
        for path, _ in self._tables(roots, ("pypi-dependencies",), platforms):
            for name, value in self._table(path).items():
                yield pypi_requirement(name, value, self._place((*path, name)))

    def _pip_tables(self, roots: list[Path]) -> Iterator[Location]:
        for root in roots:
            if self.tree.table(*root, "pypi-dependencies"):
                yield self._place((*root, "pypi-dependencies"))

    def _tables(
        self, roots: list[Path], sections: tuple[str, ...], platforms: tuple[str, ...]
    ) -> Iterator[tuple[Path, tuple[str, ...]]]:
        """The tables of some kind, with the platforms that they are for, empty for all."""
        for root in roots:
            for section in sections:
                yield (*root, section), ()
            for selector in self.tree.table(*root, "target"):
                only = _selected(selector, platforms)
                for section in sections if only else ():
                    yield (*root, "target", selector, section), only

    def _variables(self, roots: list[Path]) -> Iterator[Name]:
        for root in roots:
            for key in self.tree.table(*root, "activation", "env"):
                yield Name(key, self._place((*root, "activation", "env", key)))

    def _virtual(self, roots: list[Path]) -> Iterator[VirtualPackage]:
        for root in roots:
            table = self.tree.table(*root, "system-requirements")
            for key in filter(table.__contains__, _VIRTUAL):
                place = self._place((*root, "system-requirements", key))
                if found := _virtual_package(key, table[key], place):
                    yield found

    def _table(self, path: Path) -> dict[str, object]:
        found = self.tree.get(*path)
        if found is not None and not isinstance(found, dict):
            raise self._error(f"{path[-1]} is a table of packages and versions", path)
        return found or {}

    def _listed(self, path: Path) -> list[object]:
        found = self.tree.get(*path)
        if found is not None and not isinstance(found, list):
            raise self._error(f"{path[-1]} is a list of texts", path)
        if found and len(found) > MAX_LISTED:
            raise self._error(f"{path[-1]} lists more than {MAX_LISTED} entries", path)
        return found or []

    def _names(self, path: Path) -> list[Name]:
        items = enumerate(self._listed(path))
        return [self._name((*path, n)) for n, item in items if isinstance(item, str)]

    def _name(self, path: Path) -> Name:
        return Name(str(self.tree.get(*path)), self.tree.value_place(self.file, *path))

    def _place(self, path: Path) -> Location:
        return self.tree.place(self.file, *path)

    def _no_feature(self, environment: str, feature: str, path: Path) -> ReadError:
        place = self._place(path)
        message = f"The environment {environment[:60]} needs the feature {feature[:60]}"
        hint = "Name a feature that the file has a table for, or write that table."
        return ReadError(f"{message}, which is not defined", hint, place.line, place.column)

    def _error(self, message: str, path: Path) -> ReadError:
        place = self._place(path)
        return ReadError(message, "Compare with pixi's manifest.", place.line, place.column)


def _selected(selector: str, platforms: tuple[str, ...]) -> tuple[str, ...]:
    starts = _FAMILIES.get(selector, (selector,))
    whole = selector not in _FAMILIES
    known = platforms or PLATFORMS
    return tuple(p for p in known if (p == selector if whole else p.startswith(starts)))


def _virtual_package(key: str, value: object, place: Location) -> VirtualPackage | None:
    """``cuda = "12"`` as ``__cuda 12``; ``libc`` names its family or is glibc."""
    name, version = _VIRTUAL[key], value
    if key == "libc" and isinstance(value, dict):
        family, version = value.get("family"), value.get("version")
        name = f"__{family}" if isinstance(family, str) else name
    if not isinstance(version, str):
        return None
    if key == "archspec":
        return VirtualPackage(name, "1", version, "", place)
    return VirtualPackage(name, version, "", "", place)
