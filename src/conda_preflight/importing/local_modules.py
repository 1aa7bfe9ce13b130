"""Which modules are the project's own, by the paths of its files alone.

Source: Python's import system (https://docs.python.org/3/reference/import.html): a folder with
``__init__.py`` is a regular package, one without may be a namespace package, which any regular
package of the same name elsewhere goes before.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from conda_preflight.documents.code import Import
from conda_preflight.facts.names import normalized

_ROOTS = ("src", "lib", "python", "source", "sources", "code", "scripts", "app", "backend")
_MAX_PARTS = 6
_GENERATED = ("_pb2", "_pb2_grpc", "_cython", "_ext")


class LocalModules:
    """The modules of a project; ``names`` are what it calls itself."""

    def __init__(self, files: Iterable[str], names: Iterable[str]) -> None:
        self._files = frozenset(_module(name) for name in files)
        folders = {posixpath.dirname(name) for name in self._files}
        self._packages = frozenset(f for f in folders if f"{f}/__init__" in self._files)
        self._folders = frozenset(above for f in folders for above in _above(f) if above)
        self._anywhere = frozenset(posixpath.basename(p) for p in (*self._files, *self._folders))
        self._known_roots: dict[str, frozenset[str]] = {}
        self._names = frozenset(normalized(name) for name in names)

    def surely(self, imported: Import) -> bool:
        """Whether an import can only mean the project's own.

        Of a namespace it is that part which the project has (``google.cloud.ours``).
        """
        top = imported.top
        if normalized(top) in self._names or top.endswith(_GENERATED):
            return True
        parts = f"{imported.module}.{imported.name}".rstrip(".").split(".")[:_MAX_PARTS]
        names = ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]
        roots = self._searched(imported.location.path)
        whole = (posixpath.join(root, name) for root in roots for name in names)
        return any(name in self._packages or name in self._files for name in whole)

    def perhaps(self, top: str) -> bool:
        """Whether a file or folder of that name is anywhere, so that a changed path may find it."""
        return top in self._anywhere

    def _searched(self, path: str) -> frozenset[str]:
        """The folders that a file finds modules in: its own and those above, but for packages."""
        own = posixpath.dirname(path)
        if own not in self._known_roots:
            above = [folder for folder in _above(own) if folder not in self._packages]
            roots = [posixpath.join(folder, name) for folder in above for name in _ROOTS]
            found = frozenset(f for f in (*above, *roots) if not f or f in self._folders)
            self._known_roots[own] = found
        return self._known_roots[own]


def _module(path: str) -> str:
    """``pkg/mod`` of ``pkg/mod.py``, ``pkg/mod.cpython-311-x86_64-linux-gnu.so`` and their like."""
    folder, base = posixpath.split(path)
    return posixpath.join(folder, base.partition(".")[0])


def _above(folder: str) -> list[str]:
    """A folder and all above it, the root of the project, "", last."""
    found = [folder]
    while folder:
        folder = posixpath.dirname(folder)
        found.append(folder)
    return found
