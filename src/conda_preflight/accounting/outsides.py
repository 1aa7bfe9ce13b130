"""What Python imports from outside of the prefixes of an audit, for the check that asks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from conda_preflight.documents import Prefix
from conda_preflight.documents.outside import Outside
from conda_preflight.errors import Skip


class Outsides:
    """Looks for such folders when it is asked."""

    def __init__(self, read: Callable[[Path], Outside]) -> None:
        self._read = read

    def of(self, prefix: Prefix) -> Outside:
        """The folders that the Python of a prefix looks into; raises Skip where it is not here."""
        if not prefix.root:
            raise Skip("the directory of the environment is not here")
        return self._read(Path(prefix.root))
