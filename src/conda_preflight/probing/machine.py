"""The file system of a machine, below a root directory, as far as a probe looks at it."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TypeAlias

from conda_preflight.loading.disk import resolve

Fact: TypeAlias = tuple[str, str]
"""A dotted name and a text."""

MAX_NAMES = 100_000
_AT_ONCE = getattr(os, "O_NONBLOCK", 0)
"""A pipe is not waited for; Windows has no such flag."""
MAX_TEXT = 1_000_000


class Machine:
    """One machine: the running one where the root is ``/``, else one below a directory.

    Links are followed below the root. Nothing here raises: what cannot be read is None.
    """

    def __init__(self, root: Path = Path("/")) -> None:
        self.root = str(root).rstrip("/")

    @property
    def is_here(self) -> bool:
        """Whether this process runs on it."""
        return not self.root

    def data(self, path: str, limit: int = MAX_TEXT) -> bytes | None:
        """The first bytes of a regular file."""
        try:
            descriptor = os.open(self.outside(path), os.O_RDONLY | _AT_ONCE)
        except (OSError, ValueError):
            return None
        try:
            with os.fdopen(descriptor, "rb") as stream:
                is_file = stat.S_ISREG(os.fstat(descriptor).st_mode)
                return stream.read(limit) if is_file else None
        except OSError:  # a file of /sys or /proc may be there and refuse
            return None

    def text(self, path: str, limit: int = MAX_TEXT) -> str | None:
        """The same as text; what is no UTF-8 is replaced."""
        found = self.data(path, limit)
        return None if found is None else found.decode("utf-8", "replace")

    def names(self, path: str) -> tuple[str, ...] | None:
        """The names in a directory, sorted, at most MAX_NAMES."""
        try:
            with os.scandir(self.outside(path)) as entries:
                found = [entry.name for entry, _ in zip(entries, range(MAX_NAMES), strict=False)]
        except (OSError, ValueError):
            return None
        return tuple(sorted(found))

    def exists(self, path: str) -> bool:
        """Whether there is anything at that path."""
        return os.path.lexists(self.outside(path))

    def is_program(self, path: str) -> bool:
        """Whether it is a file that may be executed."""
        outside = Path(self.outside(path))
        return outside.is_file() and os.access(outside, os.X_OK)

    def is_usable(self, path: str) -> bool:
        """Whether this process may read and write it."""
        return os.access(self.outside(path), os.R_OK | os.W_OK)

    def link(self, path: str) -> str:
        """The last part of what a link names, empty where it is none; it need not be there."""
        folder, _, name = path.rpartition("/")
        try:
            return Path(self.outside(folder), name).readlink().name
        except (OSError, ValueError):
            return ""

    def real(self, path: str) -> str:
        """The path behind all links, as the machine itself names it."""
        return resolve(self.root, path).removeprefix(self.root) or "/"

    def outside(self, path: str) -> str:
        """The path by which this process reaches it."""
        return resolve(self.root, path) if self.root else path
