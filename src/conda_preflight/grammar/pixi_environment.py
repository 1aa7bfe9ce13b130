"""The environments of a pixi.lock of version 4 or later: references to its packages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from conda_preflight.documents import Channel, Package, VirtualPackage
from conda_preflight.grammar import virtual_package
from conda_preflight.grammar.lock_record import Record, fault, shape
from conda_preflight.grammar.pixi_package import KINDS, identity, package
from conda_preflight.grammar.yaml_tree import Map, Node, Scalar, Seq, locate

MAX_ALIKE = 50
"""Records of one place among which a reference chooses; builds of one source are a few."""


class Shelf:
    """The records under ``packages:``, found by what environments call them."""

    def __init__(self, top: Record) -> None:
        if "packages" not in top.fields:
            raise fault(top.node, f"{top.what} has no `packages` list")
        self.managers: list[str] = []
        self._by_identity: dict[tuple[str, str], list[tuple[Record, Package]]] = {}
        self._placed: dict[tuple[int, str], Package] = {}
        self.records = [Record(node, top.path, "this package") for node in top.items("packages")]
        for record in self.records:
            made = package(record)
            kind, place = identity(record)
            self.managers.append(made.manager)
            self._by_identity.setdefault((kind, place.text), []).append((record, made))

    def take(self, reference: Node, platform: str, subdir: str) -> Package:
        """The package that a reference means, on a platform; raises ReadError without one."""
        if not isinstance(reference, Map):
            raise fault(
                reference, f"A reference to a package must be a mapping, and is {shape(reference)}"
            )
        key, place = _reference(reference)
        found = self._by_identity.get((key, place.text))
        if found is None:
            raise fault(
                place, "This environment needs a package that `packages` below does not describe"
            )
        made = found[0][1] if len(found) == 1 else _choose(found, reference, subdir)
        placed = self._placed.get((id(made), platform))
        if placed is None:
            placed = self._placed[id(made), platform] = replace(made, platform=platform)
        return placed


def _reference(node: Map) -> tuple[str, Scalar]:
    for key, value in node.items():
        if key.text in KINDS and isinstance(value, Scalar) and not value.empty:
            return key.text, value
    raise fault(node, "This reference names neither a conda nor a pypi package")


def _choose(found: list[tuple[Record, Package]], reference: Map, subdir: str) -> Package:
    """One of several records of one place: what the reference adds decides, then the subdir."""
    if len(found) > MAX_ALIKE:
        raise fault(reference, f"More than {MAX_ALIKE} packages come from this one place")
    extra = {key.text: value for key, value in reference.items() if key.text not in KINDS}
    fitting = [
        made
        for record, made in found
        if all(record.text(k) == v.text for k, v in extra.items() if isinstance(v, Scalar))
    ] or [made for _, made in found]
    return next((made for made in fitting if made.subdir in (subdir, "noarch")), fitting[0])


class Environment:
    """One entry under ``environments:``, with its packages in the order of the file."""

    def __init__(self, name: Scalar, node: Node, path: str, shelf: Shelf, at: Platforms) -> None:
        about = Record(node, path, f"the environment {name.text[:80]}")
        lists = about.record("packages")
        if lists is None:
            raise fault(about.node, f"`packages` is missing in {about.what}")
        self.name = name.text
        self.location = locate(name, path)
        self.channels: tuple[Channel, ...] = about.channels()
        self.indexes = about.words("indexes")
        self.platforms = tuple(lists.fields)
        self.packages = tuple(
            shelf.take(item, platform, at.subdirs.get(platform, platform))
            for platform, items in lists.fields.items()
            for item in _items(items, platform)
        )
        self.subdirs = {p: at.subdirs[p] for p in self.platforms if at.subdirs.get(p, p) != p}
        self.virtual_packages = tuple(v for v in at.virtual if v.platform in lists.fields)


def _items(node: Node, platform: str) -> list[Node]:
    if isinstance(node, Scalar) and node.empty:
        return []
    if not isinstance(node, Seq):
        raise fault(node, f"The packages for {platform[:40]} must be a list, and are {shape(node)}")
    return node.items


class Platforms:
    """The top-level ``platforms:`` of version 7: own names of subdirs, and virtual packages."""

    def __init__(self, top: Record) -> None:
        self.subdirs: dict[str, str] = {}
        self.virtual: list[VirtualPackage] = []
        for node in top.items("platforms"):
            entry = Record(node, top.path, "this platform")
            name = entry.required("name").text
            self.subdirs[name] = entry.text("subdir") or name
            self.virtual.extend(_virtual(entry, name))


def _virtual(entry: Record, platform: str) -> Iterator[VirtualPackage]:
    for node in entry.texts("virtual-packages"):
        yield virtual_package.parse(node.text, platform, locate(node, entry.path))
