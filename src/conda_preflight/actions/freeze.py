"""Freezes a prefix: marks for conda, pip and uv, then the write bits; all of it recorded first."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from conda_preflight.documents import Package, Prefix
from conda_preflight.documents.tree import Tree
from conda_preflight.engines import frozen_files
from conda_preflight.engines.processes import running
from conda_preflight.engines.tree_walk import walk
from conda_preflight.errors import UsageError
from conda_preflight.freezing import marks, record
from conda_preflight.freezing.plan import plan
from conda_preflight.freezing.record import Mark, Record
from conda_preflight.plain import value_type
from conda_preflight.prefix_folder import PrefixFolder
from conda_preflight.readers import prefix as prefix_reader
from conda_preflight.writers.wording import number

Told = Callable[[str, int, int], None]
_BASE = ("condabin/conda", "bin/conda", "pkgs", "envs")


@value_type
class Wish:
    """What a person asks for: a kind of the record, and a message (empty for the usual one).

    With ``copies`` a file that is a hard link to another place becomes a copy.
    """

    kind: str = record.CONTAINER
    message: str = ""
    copies: bool = False


@value_type
class Frozen:
    """What was done: counts, and sentences that a person should know.

    ``was_frozen`` is true where nothing had to be done; ``marks`` are paths in the prefix,
    ``taken`` counts files and folders that lost a write bit.
    """

    was_frozen: bool
    kind: str
    marks: tuple[str, ...]
    taken: int
    notes: tuple[str, ...]


def freeze(root: Path, wish: Wish, told: Told) -> Frozen:
    """Freeze a prefix, or finish what was begun; raises UsageError and ReadError."""
    with frozen_files.alone(root):
        frozen_files.clear_parts(root)
        found = recorded(root)
        if found is None:
            _refuse(root)
            found = _planned(root, wish)
            frozen_files.write_record(root, record.write(found))
        elif _is_other(found, wish):
            text = f"{root} is frozen already, for {found.kind}, with the message {found.message!r}"
            raise UsageError(text, f"Unfreeze it first: conda-preflight unfreeze {root}")
        done = _apply(root, found, told)
        return replace(done, notes=tuple(_notes(root, found)))


def recorded(root: Path) -> Record | None:
    """The record of a freeze, None where there is none; raises ReadError for a broken one."""
    data = frozen_files.read(root / marks.RECORD, record.MAX_BYTES)
    return None if data is None else record.parse(data)


def _is_other(found: Record, wish: Wish) -> bool:
    is_linked = wish.copies and found.shared > 0
    return is_linked or (found.kind, found.message) != (wish.kind, _message(wish))


def _message(wish: Wish) -> str:
    return wish.message or marks.MESSAGE


def _refuse(root: Path) -> None:
    """Raises UsageError where a freeze would meet a change that is under way."""
    real = os.path.realpath(root)
    for each in running().processes:
        if each.installs and any(f"{path}/".startswith(f"{real}/") for path in each.paths):
            text = f"{root} is being changed by {each.program}, process {each.pid}"
            raise UsageError(text, "Wait until that has ended.")


def _planned(root: Path, wish: Wish) -> Record:
    tree = _tree(root)
    begun = Record(wish.kind, _message(wish), tuple(_marks(root, _message(wish))))
    found = plan(begun, tree, root.stat().st_mode, _links(root, tree), copies=wish.copies)
    _refuse_foreign(root, found)
    if _column(_tree(root)) != _column(tree):
        raise UsageError(f"{root} changes while it is looked at", "Wait until that has ended.")
    times = {path: (root / path).lstat().st_mtime_ns for path in found.times}
    return replace(found, times=times)


def _tree(root: Path) -> Tree:
    tree = walk(str(root))
    if tree.more or tree.closed:
        first = next(iter(tree.closed), "more files than are counted")
        raise UsageError(f"Not all of {root} can be read: {first}")
    return tree


def _column(tree: Tree) -> dict[str, tuple[int, int, int]]:
    rows = zip(tree.modes, tree.sizes, tree.mtimes, strict=True)
    return dict(zip(tree.paths, rows, strict=True))


def _links(root: Path, tree: Tree) -> dict[int, int]:
    """The number of names of each file that has several, by inode."""
    found: dict[int, int] = {}
    for place, path in enumerate(tree.paths):
        if stat.S_ISREG(tree.modes[place]) and (count := (root / path).lstat().st_nlink) > 1:
            found[tree.inodes[place]] = count
    return found


def _refuse_foreign(root: Path, found: Record) -> None:
    """Raises UsageError where write bits cannot be taken since another owns the file."""
    own = os.geteuid()
    for path, state in found.states.items() if own else ():
        if state.taken and (root / path).lstat().st_uid != own:
            text = f"{path} belongs to another user, who alone can take its write bits"
            raise UsageError(text, "Run it as the owner, or use --for shared.")


def _marks(root: Path, message: str) -> Iterator[Mark]:
    """The marks of a prefix, with what stands in their places."""
    real = Path(os.path.realpath(root))
    yield _mark(root, marks.FROZEN, marks.frozen(message))
    was = frozen_files.read(root / marks.PINNED) or b""
    yield _mark(root, marks.PINNED, marks.pinned(_packages(root), was))
    libraries = [Path(os.path.realpath(each)) for each in PrefixFolder(root).libraries()]
    for library in libraries:
        path = f"{library.relative_to(real).as_posix()}/{marks.MANAGED}"
        if record.is_mark(path):
            yield _mark(root, path, marks.managed(message))
    if libraries:
        was = frozen_files.read(root / marks.PIP) or b""
        yield _mark(root, marks.PIP, marks.pip(was))


def _mark(root: Path, path: str, data: bytes) -> Mark:
    return Mark(path, data, frozen_files.before(root / path))


def _packages(root: Path) -> tuple[Package, ...]:
    documents = prefix_reader.read(root, root.name)
    return next(doc.packages for doc in documents if isinstance(doc, Prefix))


def _apply(root: Path, found: Record, told: Told) -> Frozen:
    """Do what the record says and is not done yet: marks first, then the bits."""
    written = [frozen_files.put(root, mark) for mark in found.marks]
    for done, path in enumerate(found.copied):
        told("Making copies", done, len(found.copied))
        frozen_files.part_with(root, path)
    paths = [(path, state.taken) for path, state in found.states.items() if state.taken]
    taken = 0
    for done, (path, bits) in enumerate(paths):
        told("Taking write bits away", done, len(paths))
        taken += (root / path).exists() and frozen_files.take_bits(root / path, bits)
    names = tuple(mark.path for mark in found.marks)
    return Frozen(not (taken or any(written)), found.kind, names, len(paths), ())


def _notes(root: Path, found: Record) -> Iterator[str]:
    """What the marks and bits do not do."""
    if any((root / name).exists() for name in _BASE):
        yield "This looks like the base of conda: conda itself can no longer be updated."
    if found.shared:
        yield (
            "Hard links to other places are left writable, since their mode is that of the others "
            f"too: {number(found.shared, 'file')}. With --copies they become files of its own."
        )
    if found.kind == record.CONTAINER and os.geteuid() == 0:
        yield (
            "Write bits do not bind root. Run as another user, with a read-only root file system."
        )
    if found.kind == record.SHARED:
        yield "Write bits are left: who may write here can still change files by hand, or by uv."
