"""What folders weigh on the disk, by lstat alone: no link is followed and nothing is opened."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable
from pathlib import Path

from conda_preflight.cleaning.found import Shared, Usage

MAX_FILES = 20_000_000
MAX_OUTWARD = 100_000
BLOCK = 512
"""What ``st_blocks`` counts, on every file system (POSIX, ``sys/stat.h`` on Linux)."""

_STEP = 5000
_ROOMS = ("envs", "pkgs")


def weigh(
    parts: Iterable[str], *, is_base: bool = False, told: Callable[[], None] | None = None
) -> Usage:
    """The usage of files and folders as one.

    Of the root of an installation its own environments and packages are left out. Raises nothing:
    what cannot be read is counted.
    """
    walk = _Walk(told)
    for part in parts:
        try:
            found = os.lstat(part)
        except OSError:
            continue
        walk.take(part, found)
        skipped = tuple(os.path.join(part, room) for room in _ROOMS) if is_base else ()  # noqa: PTH118
        walk.go(part, found, skipped)
    return walk.usage()


class _Walk:
    """What one walk has seen so far."""

    def __init__(self, told: Callable[[], None] | None) -> None:
        self._told = told
        self._files = self._size = self._closed = 0
        self._links: dict[tuple[int, int], list[int]] = {}
        self._outward: set[str] = set()
        self._accessed = self._accessed_shared = self._compiled = 0.0

    def go(self, top: str, found: os.stat_result, skipped: tuple[str, ...]) -> None:
        """Everything below a folder that lies on its file system."""
        lead = top.rstrip("/") + "/"
        todo = [top] if stat.S_ISDIR(found.st_mode) else []
        while todo and self._files < MAX_FILES:
            here = todo.pop()
            try:
                with os.scandir(here) as entries:
                    for entry in entries:
                        seen = entry.stat(follow_symlinks=False)
                        if seen.st_dev != found.st_dev or entry.path in skipped:
                            continue
                        self.take(entry.path, seen, lead)
                        if stat.S_ISDIR(seen.st_mode):
                            todo.append(entry.path)
            except OSError:
                self._closed += 1

    def take(self, path: str, seen: os.stat_result, lead: str = "") -> None:
        """Count one file, folder or link."""
        self._files += 1
        if self._told and self._files % _STEP == 0:
            self._told()
        mode, size = seen.st_mode, seen.st_blocks * BLOCK
        if seen.st_nlink > 1 and not stat.S_ISDIR(mode):
            known = self._links.setdefault((seen.st_dev, seen.st_ino), [0, seen.st_nlink, size])
            known[0] += 1
        else:
            self._size += size
        if stat.S_ISLNK(mode):
            self._lead_out(path, lead)
        elif stat.S_ISREG(mode):
            self._date(path[len(lead) :], seen)

    def _lead_out(self, path: str, lead: str) -> None:
        """Keep where a link leads if that is not below the top."""
        try:
            target = os.readlink(path)  # noqa: PTH115  (the text as it is)
        except OSError:
            return
        full = os.path.normpath(Path(path).parent / target)
        if not (full + "/").startswith(lead) and len(self._outward) < MAX_OUTWARD:
            self._outward.add(full)

    def _date(self, inside: str, seen: os.stat_result) -> None:
        """Access to what runs; of a file that is shared, somebody else may have opened it."""
        if inside.endswith(".pyc"):
            self._compiled = max(self._compiled, seen.st_mtime)
        if inside.startswith("bin/") or ".so" in inside[-20:] or inside.endswith((".py", ".pyc")):
            if seen.st_nlink == 1:
                self._accessed = max(self._accessed, seen.st_atime)
            else:
                self._accessed_shared = max(self._accessed_shared, seen.st_atime)

    def usage(self) -> Usage:
        """All of it."""
        shared = Shared()
        for (device, inode), (seen, links, size) in self._links.items():
            if seen < links:
                shared.add(device, inode, seen, links, size)
        linked = sum(each[2] for each in self._links.values())
        elsewhere = sum(shared.sizes)
        return Usage(
            self._files,
            self._size + linked,
            self._size + linked - elsewhere,
            shared,
            self._accessed or self._accessed_shared,
            self._compiled,
            frozenset(self._outward),
            self._closed,
        )
