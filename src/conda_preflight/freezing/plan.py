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


def plan(begun: Record, tree: Tree, top: int, links: Mapping[int, int]) -> Record:
    """The whole record of a freeze of which use, message and marks are known.

    ``top`` is the mode of the prefix's own folder. ``links`` are the numbers of names, by inode,
    of files that have several: one whose names are not all in the prefix is left as it is,
    since its mode is that of all of them.
    """
    names: dict[int, int] = {}
    for inode in tree.inodes:
        names[inode] = names.get(inode, 0) + 1
    replaced = {mark.path for mark in begun.marks}
    is_taken = begun.kind == CONTAINER
    states = {TOP: State(top & WRITE if is_taken else 0, 0, 0)}
    shared = 0
    for place, path in enumerate(tree.paths):
        is_elsewhere = links.get(tree.inodes[place], 1) > names[tree.inodes[place]]
        if path not in replaced:
            states[path] = _state(tree, place, is_taken=is_taken and not is_elsewhere)
            shared += is_elsewhere and stat.S_ISREG(tree.modes[place])
    folders = {posixpath.dirname(path) or TOP for path in replaced} | {"conda-meta"}
    times = dict.fromkeys(sorted(folders), 0)
    return replace(begun, states=states, times=times, shared=shared)


def _state(tree: Tree, place: int, *, is_taken: bool) -> State:
    mode = tree.modes[place]
    if stat.S_ISLNK(mode):
        return State(0, 0, 0, tree.links.get(tree.paths[place], ""))
    taken = mode & WRITE if is_taken else 0
    if stat.S_ISREG(mode):
        return State(taken, tree.sizes[place], tree.mtimes[place])
    return State(taken if stat.S_ISDIR(mode) else 0, 0, 0)
