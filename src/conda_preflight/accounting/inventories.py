"""The inventories of the prefixes of an audit, for the checks that ask for one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from conda_preflight.documents import Prefix
from conda_preflight.documents.inventory import Inventory
from conda_preflight.errors import Skip


class Inventories:
    """Reads an inventory when it is first asked for, and once."""

    def __init__(self, read: Callable[[Path, str], Inventory]) -> None:
        self._read = read
        self._known: dict[Prefix, Inventory] = {}

    def of(self, prefix: Prefix) -> Inventory:
        """The packages of a prefix with the files of each; raises Skip where it is not here."""
        if not prefix.root:
            raise Skip("the directory of the environment is not here")
        if prefix not in self._known:
            self._known[prefix] = self._read(Path(prefix.root), prefix.path)
        return self._known[prefix]
