"""What a freeze will do to a prefix, decided from what it holds."""

from __future__ import annotations

import posixpath
import stat
from collections.abc import Mapping
from dataclasses import replace

from conda_preflight.documents.tree import Tree
from conda_preflight.freezing.record import CONTAINER, WRITE, Record, State

TOP = "."
"""How the folder of the prefix itself is called in a record."""


def plan(
    begun: Record, tree: Tree, top: int, links: Mapping[int, int], *, copies: bool = False
) -> Record:
    """The whole record of a freeze of which use, message and marks are known.

    ``top`` is the mode of the prefix's own folder. ``links`` are the numbers of names, by inode,
    of files that have several: one whose names are not all in the prefix is left as it is,
    since its mode is that of all of them, or with ``copies`` becomes a copy.
    """
    names: dict[int, int] = {}
    for inode in tree.inodes:
        names[inode] = names.get(inode, 0) + 1
    replaced = {mark.path for mark in begun.marks}
    is_taken = begun.kind == CONTAINER
    states = {TOP: State(top & WRITE if is_taken else 0, 0, 0)}
    shared: list[str] = []
    for place, path in enumerate(tree.paths):
        is_elsewhere = links.get(tree.inodes[place], 1) > names[tree.inodes[place]]
        if path not in replaced:
            is_left = is_elsewhere and not copies
            states[path] = _state(tree, place, is_taken=is_taken and not is_left)
            if is_taken and is_elsewhere and stat.S_ISREG(tree.modes[place]):
                shared.append(path)
    copied = tuple(shared) if copies else ()
    changed = {posixpath.dirname(path) or TOP for path in (*replaced, *copied)}
    times = dict.fromkeys(sorted(changed | {"conda-meta"}), 0)
    left = 0 if copies else len(shared)
    return replace(begun, states=states, times=times, shared=left, copied=copied)


def _state(tree: Tree, place: int, *, is_taken: bool) -> State:
    mode = tree.modes[place]
    if stat.S_ISLNK(mode):
        return State(0, 0, 0, tree.links.get(tree.paths[place], ""))
    taken = mode & WRITE if is_taken else 0
    if stat.S_ISREG(mode):
        return State(taken, tree.sizes[place], tree.mtimes[place])
    return State(taken if stat.S_ISDIR(mode) else 0, 0, 0)
