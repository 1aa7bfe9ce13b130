"""Walks a prefix: what lies where, by lstat alone; nothing is opened and no link followed."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable
from pathlib import Path

from conda_preflight.documents.tree import Tree

MAX_FILES = 2_000_000
_STEP = 2000
_NOT_OURS = ("envs", "pkgs")
"""Folders at the top of a base environment that hold other environments, and archives."""


def walk(root: str, tree: Tree | None = None, grown: Callable[[], None] | None = None) -> Tree:
    """The tree below a directory; what cannot be read is told in it. Never raises OSError.

    An empty tree that is given gets the columns at once; ``grown`` is called again and again
    while they grow.
    """
    tree = tree or Tree(links={}, closed={})
    links: dict[str, str] = {}
    closed: dict[str, str] = {}
    skipped = [name for name in _NOT_OURS if Path(root, name).is_dir()]
    folders, told = [""], 0
    while folders and len(tree.paths) < MAX_FILES:
        lead = folders.pop()
        try:
            with os.scandir(f"{root}/{lead}") as entries:
                inner = _take(lead, entries, tree, closed)
        except OSError as error:
            closed[lead.rstrip("/")] = error.strerror or "it cannot be read"
            continue
        if grown and len(tree.paths) - told >= _STEP:
            told = len(tree.paths)
            grown()
        for path, mode in inner:
            if stat.S_ISDIR(mode):
                folders.extend([f"{path}/"] if path not in skipped else [])
            else:
                links[path] = _target(f"{root}/{path}")
    return Tree(
        tree.paths,
        tree.modes,
        tree.sizes,
        tree.inodes,
        tree.mtimes,
        tree.ctimes,
        links,
        closed,
        tuple(skipped),
        more=bool(folders),
    )


def _take(
    lead: str, entries: Iterable[os.DirEntry[str]], tree: Tree, closed: dict[str, str]
) -> list[tuple[str, int]]:
    """Add the entries of one folder; the folders and links among them."""
    add_path, add_mode, add_size = tree.paths.append, tree.modes.append, tree.sizes.append
    add_inode, add_mtime, add_ctime = tree.inodes.append, tree.mtimes.append, tree.ctimes.append
    inner = []
    for entry in entries:
        try:
            found = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            continue  # gone in the meantime
        except OSError as error:
            closed[lead + entry.name] = error.strerror or "it cannot be read"
            continue
        path = lead + entry.name
        mode = found.st_mode
        add_path(path)
        add_mode(mode)
        add_size(found.st_size)
        add_inode(found.st_ino)
        add_mtime(found.st_mtime_ns)
        add_ctime(found.st_ctime_ns)
        if not stat.S_ISREG(mode) and (stat.S_ISDIR(mode) or stat.S_ISLNK(mode)):
            inner.append((path, mode))
    return inner


def _target(path: str) -> str:
    try:
        return os.readlink(path)  # noqa: PTH115  (the text as it is, not as a path)
    except OSError:
        return ""
