"""What the loader does in the prefixes of an audit, for the checks that ask for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from conda_preflight.documents import Prefix
from conda_preflight.documents.libraries import Libraries
from conda_preflight.errors import Skip


class Loaders:
    """Reads the libraries of a prefix when it is first asked for them, and once."""

    def __init__(self, read: Callable[[Path, str], Libraries]) -> None:
        self._read = read
        self._known: dict[Prefix, Libraries] = {}

    def of(self, prefix: Prefix) -> Libraries:
        """The libraries of a prefix; raises Skip where it is not here or has none."""
        if not prefix.root:
            raise Skip("the directory of the environment is not here")
        if prefix not in self._known:
            self._known[prefix] = self._read(Path(prefix.root), prefix.path)
        if not self._known[prefix].objects:
            raise Skip("the environment has no program and no library of Linux")
        return self._known[prefix]
