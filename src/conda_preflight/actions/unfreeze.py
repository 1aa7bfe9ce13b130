"""Undoes a freeze by its record: modes, files and times as they were, also after half of one."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from conda_preflight.actions.freeze import recorded
from conda_preflight.documents.tree import Tree
from conda_preflight.engines import frozen_files
from conda_preflight.engines.tree_walk import walk
from conda_preflight.errors import UsageError
from conda_preflight.freezing import marks
from conda_preflight.freezing.plan import TOP
from conda_preflight.freezing.record import Record
from conda_preflight.freezing.since import AGAIN, since
from conda_preflight.plain import value_type
from conda_preflight.prefix_folder import PrefixFolder

Told = Callable[[str, int, int], None]
_META = "conda-meta"


@value_type
class Unfrozen:
    """What was done; ``marks`` were put back, ``altered`` are those that somebody had changed.

    ``changed`` are other paths that were changed since the freeze, which stay as they are.
    """

    was_frozen: bool
    marks: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


def unfreeze(root: Path, told: Told) -> Unfrozen:
    """Make a prefix what it was before the freeze; raises UsageError and ReadError.

    The record goes last, so that whatever ends this in the middle, it can be done again.
    """
    with frozen_files.alone(root):
        found = recorded(root)
        if found is None:
            frozen_files.clear_parts(root)
            _refuse_others(root)
            return Unfrozen(was_frozen=False)
        _refuse_moved(root, found)
        tree = walk(str(root))
        changed = _changed(found, tree)
        _give(root, found, tree, told)
        altered = [mark.path for mark in found.marks if frozen_files.put_back(root, mark)]
        _finish(root, found)
        names = tuple(mark.path for mark in found.marks)
        return Unfrozen(was_frozen=True, marks=names, altered=tuple(altered), changed=changed)


def _refuse_others(root: Path) -> None:
    """Raises UsageError where somebody else's marks are there, of which nothing is recorded."""
    managed = [library / marks.MANAGED for library in PrefixFolder(root).libraries()]
    others = [file for file in (root / marks.FROZEN, *managed) if os.path.lexists(file)]
    if others:
        names = " and ".join(str(file) for file in others)
        text = f"{root} was not frozen by `conda-preflight freeze`: there is no record of it"
        raise UsageError(text, f"An image is built anew. Else remove {names} yourself.")


def _refuse_moved(root: Path, found: Record) -> None:
    """Raises UsageError where a folder of the record is now a link to somewhere else."""
    real = os.path.realpath(root)
    folders = {str(Path(mark.path).parent) for mark in found.marks} | found.times.keys()
    for folder in folders:
        if os.path.realpath(root / folder) != os.path.normpath(f"{real}/{folder}"):
            raise UsageError(f"{folder} was a folder at the freeze and is none now")


def _changed(found: Record, tree: Tree) -> tuple[str, ...]:
    return tuple(
        path for path, how in since(found, tree) if how != AGAIN and not frozen_files.is_part(path)
    )


def _give(root: Path, found: Record, tree: Tree, told: Told) -> None:
    """Give the bits back: of the top first, and only where the walk, without links, leads to."""
    given = found.states.get(TOP)
    frozen_files.give_bits(root, given.taken if given else 0)
    for number, path in enumerate(tree.paths):
        told("Giving write bits back", number, len(tree.paths))
        if frozen_files.is_part_of(path, found.copied):
            (root / path).unlink()
        state = found.states.get(path)
        if state and state.taken:
            frozen_files.give_bits(root / path, state.taken)


def _finish(root: Path, found: Record) -> None:
    for folder, time in found.times.items():
        if folder != _META:
            frozen_files.set_time(root / folder, time)
    frozen_files.clear_parts(root)
    frozen_files.remove_record(root, found.times[_META])
