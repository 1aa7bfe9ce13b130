"""What is other in a prefix than at the moment of its freeze."""

from __future__ import annotations

import stat
from collections.abc import Iterator

from conda_preflight.documents.tree import Tree
from conda_preflight.freezing.marks import RECORD
from conda_preflight.freezing.plan import TOP
from conda_preflight.freezing.record import WRITE, Record, State

AGAIN = "writable again"
_SECOND = 1_000_000_000
_COMPILED = "__pycache__"


def since(record: Record, tree: Tree) -> Iterator[tuple[str, str]]:
    """Each path that was changed, with how; compiled code is left out, which Python writes.

    Times count in seconds, as archives keep them, and only where any file has its own.
    """
    place_of = {path: place for place, path in enumerate(tree.paths)}
    has_times = _has_times(record, tree, place_of)
    ours = {RECORD, *(mark.path for mark in record.marks)}
    for path in sorted(place_of.keys() - record.states.keys()):
        if path not in ours and _COMPILED not in path.split("/"):
            yield path, "new"
    for path, state in record.states.items():
        place = place_of.get(path)
        if place is not None:
            if how := _how(state, tree, place, has_times=has_times):
                yield path, how
        elif path != TOP and _COMPILED not in path.split("/"):
            yield path, "gone"


def _has_times(record: Record, tree: Tree, place_of: dict[str, int]) -> bool:
    return any(
        state.mtime // _SECOND == tree.mtimes[place] // _SECOND
        for path, state in record.states.items()
        if state.mtime and (place := place_of.get(path)) is not None
    )


def _how(state: State, tree: Tree, place: int, *, has_times: bool) -> str:
    path, mode = tree.paths[place], tree.modes[place]
    if state.link or stat.S_ISLNK(mode):
        return "" if tree.links.get(path, "") == state.link else "altered"
    is_file = bool(state.mtime or state.size)
    if is_file and not stat.S_ISREG(mode):
        return "altered"
    is_compiled = path.endswith(".pyc")
    if is_file and not is_compiled and _differs(state, tree, place, has_times=has_times):
        return "altered"
    return AGAIN if mode & state.taken & WRITE else ""


def _differs(state: State, tree: Tree, place: int, *, has_times: bool) -> bool:
    if state.size != tree.sizes[place]:
        return True
    return has_times and state.mtime // _SECOND != tree.mtimes[place] // _SECOND
