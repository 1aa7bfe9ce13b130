"""Which package each file of an environment belongs to, so that it is shipped with it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from conda_preflight.documents import Package
from conda_preflight.documents.inventory import Inventory
from conda_preflight.facts.names import normalized

Key = tuple[str, str]
"""Manager and name of a package."""

_CACHE = "__pycache__"


def key(package: Package) -> Key:
    """By what a package of a lock is found again among the installed ones."""
    name = normalized(package.name) if package.manager == "pypi" else package.name
    return package.manager, name


def owners(inventory: Inventory, paths: Iterable[str]) -> dict[str, Key]:
    """The package of each path that has one.

    Byte code belongs to whom its source belongs to, a record in ``conda-meta`` to its package.
    """
    found = {path: key(owner.package) for path, owner in inventory.by_path().items()}
    found |= {owner.record: key(owner.package) for owner in inventory.owners}
    told = ((path, found.get(path) or found.get(_source(path))) for path in paths)
    return {path: owner for path, owner in told if owner}


def _source(path: str) -> str:
    """``a/__pycache__/b.cpython-311.pyc`` is made from ``a/b.py``."""
    folder, name = posixpath.split(path)
    parent, last = posixpath.split(folder)
    if last != _CACHE or not name.endswith(".pyc"):
        return ""
    return posixpath.join(parent, f"{name.partition('.')[0]}.py")
