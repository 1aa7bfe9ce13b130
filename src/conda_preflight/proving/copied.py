"""A copy of a prefix that may be changed: what was changed in it is seen, and mended."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from conda_preflight.documents.tree import Tree
from conda_preflight.engines.tree_walk import walk
from conda_preflight.errors import UsageError
from conda_preflight.plain import value_type
from conda_preflight.proving.outcome import Change

_KINDS = (stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK)
_BLOCK = 1 << 20
_ROOM = 1.2
"""Of the size of a prefix, what must be free for its copy."""


@value_type
class User:
    """Who tries: ``ids`` are numbers of user and group, None for who runs this."""

    name: str
    ids: tuple[int, int] | None


class Copied:
    """A hard copy of a prefix, owned by who tries; the original is only read."""

    def __init__(self, original: Path, place: Path, user: User) -> None:
        self.original, self.root, self._user = original, place, user
        tree = walk(str(original))
        self._refuse(tree, place)
        self._inside = set(tree.paths)
        self.files = sum(stat.S_ISREG(mode) for mode in tree.modes)
        place.mkdir()
        for path in sorted(tree.paths):
            self._copy(path)
        for path in sorted(tree.paths, reverse=True):
            self._settle(path)
        self._settle("")
        self._known = self._state()

    def _refuse(self, tree: Tree, place: Path) -> None:
        size = sum(tree.sizes)
        free = shutil.disk_usage(place.parent).free
        if tree.closed or tree.more:
            first = next(iter(tree.closed), "it has more files than are counted")
            raise UsageError(f"{self.original} cannot be copied: {first}")
        if size * _ROOM > free:
            text = f"A copy of {self.original} needs {size / 1e9:.1f} GB, {free / 1e9:.1f} are free"
            raise UsageError(text, "Name another place: TMPDIR=DIR.")

    def changes(self) -> list[Change]:
        """What is other than in the original, of what was touched since the last look."""
        now = self._state()
        touched = {path for path in now.keys() | self._known.keys() if self._is_other(path, now)}
        found = [Change(path, what) for path in sorted(touched) if (what := self._what(path))]
        if touched:
            self._mend(found)
            self._known = self._state()
        return found

    def _is_other(self, path: str, now: dict[str, tuple[int, ...]]) -> bool:
        return now.get(path) != self._known.get(path)

    def _state(self) -> dict[str, tuple[int, ...]]:
        tree = walk(str(self.root))
        rows = zip(tree.modes, tree.sizes, tree.mtimes, tree.ctimes, tree.inodes, strict=True)
        top = self.root.lstat()
        found: dict[str, tuple[int, ...]] = dict(zip(tree.paths, rows, strict=True))
        return found | {"": (top.st_mode,)}

    def _what(self, path: str) -> str:
        """How a path differs from the original; empty where it does not."""
        here, there = self.root / path, self.original / path
        is_here, is_there = os.path.lexists(here), not path or path in self._inside
        if not (is_here and is_there):
            return "new" if is_here else "gone" if is_there else ""
        one, two = here.lstat().st_mode, there.lstat().st_mode
        if stat.S_IFMT(one) != stat.S_IFMT(two):
            return "altered"
        if stat.S_ISLNK(one):
            return "" if here.readlink() == there.readlink() else "altered"
        if stat.S_ISREG(one) and not _is_same(here, there):
            return "altered"
        return "" if one == two else "mode"

    def _mend(self, changed: Iterable[Change]) -> None:
        every = sorted(changed, key=lambda change: change.path)
        folders = {parent for change in every for parent in _parents(change.path)}
        for folder in sorted(folders):
            self._open(folder)
        for change in reversed(every):
            if change.what != "mode":
                _remove(self.root / change.path)
        wanted = [change.path for change in every if change.path in self._inside]
        for path in wanted:
            if not os.path.lexists(self.root / path):
                self._copy(path)
        for path in sorted({*wanted, *folders, ""}, reverse=True):
            if path in self._inside or not path:
                self._settle(path)

    def _open(self, folder: str) -> None:
        """Give a folder its write bit for a moment."""
        place = self.root / folder
        with contextlib.suppress(OSError):
            if not place.is_symlink():
                place.chmod(0o700)

    def _copy(self, path: str) -> None:
        source, target = self.original / path, self.root / path
        mode = source.lstat().st_mode
        if stat.S_IFMT(mode) not in _KINDS:
            self._inside.discard(path)
        elif stat.S_ISDIR(mode):
            target.mkdir()
        else:
            shutil.copy2(source, target, follow_symlinks=False)

    def _settle(self, path: str) -> None:
        """Give a path the mode and time of the original, and its owner."""
        source, target = self.original / path, self.root / path
        if path and path not in self._inside:
            return
        if self._user.ids:  # first, since it takes bits of programs away
            os.chown(target, *self._user.ids, follow_symlinks=False)
        shutil.copystat(source, target, follow_symlinks=False)

    def release(self) -> None:
        """Let all folders be written again, so that the copy can be removed."""
        for folder, _, _ in os.walk(self.root):
            with contextlib.suppress(OSError):
                Path(folder).chmod(0o700)


def _parents(path: str) -> Iterator[str]:
    while path:
        path = path.rpartition("/")[0]
        yield path


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        for folder, _, _ in os.walk(path):
            Path(folder).chmod(0o700)
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _is_same(one: Path, two: Path) -> bool:
    with one.open("rb") as first, two.open("rb") as second:
        while True:
            left, right = first.read(_BLOCK), second.read(_BLOCK)
            if left != right:
                return False
            if not left:
                return True
