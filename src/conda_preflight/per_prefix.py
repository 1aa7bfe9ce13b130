"""What is read of a prefix when a check first asks for it, and once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from conda_preflight.documents import Prefix
from conda_preflight.errors import Skip

T = TypeVar("T")


class PerPrefix(Generic[T]):
    """Reads something of a prefix at the first question and remembers it."""

    def __init__(self, read: Callable[[Prefix], T]) -> None:
        self._read = read
        self._known: dict[Prefix, T] = {}

    def of(self, prefix: Prefix) -> T:
        """What was read; raises Skip where the directory of the prefix is not here."""
        if not prefix.root:
            raise Skip("the directory of the environment is not here")
        if prefix not in self._known:
            self._known[prefix] = self._read(prefix)
        return self._known[prefix]

    def done(self, prefix: Prefix) -> T | None:
        """What was read, if anybody has asked."""
        return self._known.get(prefix)
