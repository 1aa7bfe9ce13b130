"""Walks a prefix: what lies where, as the file system tells it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import cast

from conda_preflight.documents.tree import Tree
from conda_preflight.engines.folder_scan import NUMBERS, Scan, answer
from conda_preflight.engines.worker_pool import WorkerPool

MAX_FILES = 2_000_000
WIDE = 48
"""So many folders that wait are enough to be parted into two halves of about one size."""

_NOT_OURS = ("envs", "pkgs")
"""Folders at the top of a base environment that hold other environments, and archives."""


def walk(
    root: str,
    tree: Tree | None = None,
    grown: Callable[[], None] | None = None,
    *,
    is_large: bool = False,
) -> Tree:
    """The tree below a directory; what cannot be read is told in it. Never raises OSError.

    An empty tree that is given gets the columns at once; ``grown`` is called again and again
    while they grow. Of a large one a second process walks a half. The order is the same then.
    """
    tree = tree or Tree(links={}, closed={})
    scan = Scan(tree.paths, **{name: getattr(tree, name) for name in NUMBERS})
    skipped = tuple(name for name in _NOT_OURS if Path(root, name).is_dir())
    rest = scan.go(root, [""], limit=MAX_FILES, wide=WIDE, skipped=skipped, grown=grown)
    ours, theirs = rest[::2], rest[1::2]
    if is_large and theirs:
        left = _side_by_side(scan, root, ours, theirs)
    else:
        left = scan.go(root, ours, limit=MAX_FILES, grown=grown)
        left += scan.go(root, theirs, limit=MAX_FILES, grown=grown)
    columns = {name: getattr(tree, name) for name in NUMBERS}
    return Tree(
        tree.paths,
        **columns,
        links=scan.links,
        closed=scan.closed,
        skipped=skipped,
        more=bool(left),
    )


def _side_by_side(scan: Scan, root: str, ours: list[str], theirs: list[str]) -> list[str]:
    """Both halves at once; the other one is added after ours, as if it had been walked then."""
    job = (root, theirs, MAX_FILES)
    found: list[object] = []
    pool = WorkerPool("folder_scan", lambda _, told: found.append(told), 1)
    pool.put(partial(list, [(0, job)]))
    left = scan.go(root, ours, limit=MAX_FILES)
    pool.close()
    scan.add(cast("tuple[object, ...]", found[0]) if found else answer(job))
    return left
