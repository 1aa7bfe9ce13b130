"""The files of an environment by digest, the same for two that were installed alike.

The path of an environment that is written into a file counts as the same text whatever it is.
What differs between two good installations is left out: compiled Python, records of the
installer, whose own contents are compared as packages.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from conda_preflight.documents.inventory import SCRIPT, Inventory
from conda_preflight.documents.tree import Tree
from conda_preflight.engines import digest_cache
from conda_preflight.engines.file_digests import FileDigests, Wanted
from conda_preflight.engines.tree_walk import walk
from conda_preflight.fleet.answers import Listing
from conda_preflight.readers import inventory as inventory_reader

_PLACEHOLDER = b"/prefix"
_SIZE = 32
_SMALL = 64 * 1024
_PROGRAMS = ("bin/", "sbin/")
_OWN = ("conda-meta/",)


def read(root: Path, kept: Path | None = None) -> Listing:
    """The packages and files of a prefix; ``kept`` are digests of a verification just before.

    Never raises for what a prefix holds: a file that cannot be read has the reason for a digest.
    """
    records = inventory_reader.read(root, root.name)
    tree = walk(str(root))
    return Listing(dict(_Files(root, tree, records, kept).told()), dict(_packages(records)))


def tree_digest(files: Mapping[str, str]) -> str:
    """One digest for all files, by path."""
    state = hashlib.sha256()
    for path in sorted(files):
        state.update(f"{path}\0{files[path]}\n".encode("utf-8", "surrogateescape"))
    return state.hexdigest()


def _packages(records: Inventory) -> Iterator[tuple[str, str]]:
    for owner in records.owners:
        package = owner.package
        if not owner.replaced_by:
            told = " ".join(filter(None, (package.version, package.build)))
            yield f"{package.manager}:{package.name}", told


class _Files:
    """The digests of one tree; ``known`` are those that need not be computed."""

    def __init__(self, root: Path, tree: Tree, records: Inventory, kept: Path | None) -> None:
        self._root, self._tree = root, tree
        self._holding = dict(_holding_the_path(records))
        self._known = _known(tree, kept)
        names = (str(root.absolute()), os.path.realpath(root))
        self._roots = tuple(dict.fromkeys(map(os.fsencode, names)))
        self._wanted = {
            place: each for place in range(len(tree.paths)) if (each := self._ask(place))
        }
        self._digests = FileDigests(lambda key: self._wanted[key])
        self._digests.ask((place, each.size) for place, each in self._wanted.items())
        self._digests.finish()

    def told(self) -> Iterator[tuple[str, str]]:
        for place, path in enumerate(self._tree.paths):
            if not _is_left_out(path) and not stat.S_ISDIR(self._tree.modes[place]):
                yield path, self._told(place, path)

    def _ask(self, place: int) -> Wanted | None:
        """What is to be read of a file; nothing where its digest is known."""
        path, size = self._tree.paths[place], self._tree.sizes[place]
        if not stat.S_ISREG(self._tree.modes[place]) or _is_left_out(path):
            return None
        holds = path in self._holding or _is_small_program(path, size)
        if not holds and place in self._known:
            return None
        original = (self._roots, _PLACEHOLDER, self._holding.get(path, False)) if holds else ()
        return Wanted(f"{self._root}/{path}", size, "sha256", original)

    def _told(self, place: int, path: str) -> str:
        """The digest, with a mark where it may be executed; of a link its target."""
        mode = self._tree.modes[place]
        if stat.S_ISLNK(mode):
            return f"-> {self._target(path)}"
        if not stat.S_ISREG(mode):
            return "neither file nor link"
        if place in self._digests.failed:
            return self._digests.failed[place]
        found = self._digests.found.get(place)
        digest = self._known[place] if found is None else _plain(found)
        return digest.hex() + " x" * bool(mode & stat.S_IXUSR)

    def _target(self, path: str) -> str:
        target = os.fsencode(self._tree.links.get(path, ""))
        for root in self._roots:
            target = target.replace(root, _PLACEHOLDER)
        return os.fsdecode(target)


def _plain(found: bytes) -> bytes:
    """Of several digests of a file that of it without the path, if it holds it."""
    parts = [found[at : at + _SIZE] for at in range(0, len(found), _SIZE)]
    return next((part for part in parts[1:] if part != parts[0]), parts[0])


def _holding_the_path(records: Inventory) -> Iterator[tuple[str, bool]]:
    """Files into which an installer wrote the path of the prefix, and whether each is binary."""
    for owner in records.owners:
        for file in owner.files:
            if file.original is not None:
                yield file.path, file.original.binary
            elif file.kind == SCRIPT:
                yield file.path, False


def _is_small_program(path: str, size: int) -> bool:
    return path.startswith(_PROGRAMS) and size <= _SMALL


def _is_left_out(path: str) -> bool:
    return path.startswith(_OWN) or path.endswith((".pyc", ".dist-info/RECORD"))


def _known(tree: Tree, kept: Path | None) -> dict[int, bytes]:
    """Digests that a verification has kept, and that still hold."""
    before = digest_cache.load(kept) if kept else None
    if before is None:
        return {}
    return before.of(tree, {path: place for place, path in enumerate(tree.paths)})
