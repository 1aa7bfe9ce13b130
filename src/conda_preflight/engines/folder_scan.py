"""Goes through folders by lstat alone: nothing is opened and no link followed.

It is also a program of its own, which goes through a half of a large tree: a call for each file
takes longer in Python than in the system, and two processes take half of that.
"""

from __future__ import annotations

import os
import stat
from array import array

from conda_preflight.engines import worker_loop

TYPE_CHECKING = False  # typing would double the time until the program is there
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

NUMBERS = {"modes": "L", "sizes": "q", "inodes": "Q", "mtimes": "q", "ctimes": "q"}
"""The columns of numbers, with the codes of their arrays."""

_STEP = 2000


class Scan:
    """What was found: columns of one length, targets of links, folders that cannot be read."""

    def __init__(self, paths: list[str], **columns: array[int]) -> None:
        self.paths = paths
        made = {name: array(code) for name, code in NUMBERS.items()}
        self.columns = list((made | columns).values())
        self.links: dict[str, str] = {}
        self.closed: dict[str, str] = {}

    def go(
        self,
        root: str,
        folders: list[str],
        *,
        limit: int,
        wide: int = 0,
        skipped: tuple[str, ...] = (),
        grown: Callable[[], None] | None = None,
    ) -> list[str]:
        """Go through folders and all below them; what is left of them at the limits.

        Folders are relative, with a slash at the end. It stops where as many files are held as
        ``limit`` says, or where ``wide`` or more folders are to be gone through, in order of depth.
        """
        told = len(self.paths)
        while folders and len(self.paths) < limit and not 0 < wide <= len(folders):
            lead = folders.pop(0) if wide else folders.pop()
            inner = (path for path in self._look(root, lead) if path not in skipped)
            folders.extend(f"{path}/" for path in inner)
            if grown and len(self.paths) - told >= _STEP:
                told = len(self.paths)
                grown()
        return folders

    def _look(self, root: str, lead: str) -> list[str]:
        try:
            with os.scandir(f"{root}/{lead}") as entries:
                return self._take(root, lead, entries)
        except OSError as error:
            self.closed[lead.rstrip("/")] = error.strerror or "it cannot be read"
            return []

    def _take(self, root: str, lead: str, entries: Iterator[os.DirEntry[str]]) -> list[str]:
        """Add the entries of one folder; the folders among them."""
        add_path, inner = self.paths.append, []
        add_mode, add_size, add_inode, add_mtime, add_ctime = (c.append for c in self.columns)
        for entry in entries:
            path = lead + entry.name
            try:
                found = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue  # gone in the meantime
            except OSError as error:
                self.closed[path] = error.strerror or "it cannot be read"
                continue
            mode = found.st_mode
            add_path(path)
            add_mode(mode)
            add_size(found.st_size)
            add_inode(found.st_ino)
            add_mtime(found.st_mtime_ns)
            add_ctime(found.st_ctime_ns)
            if stat.S_ISDIR(mode):
                inner.append(path)
            elif stat.S_ISLNK(mode):
                self.links[path] = _target(f"{root}/{path}")
        return inner

    def add(self, other: tuple[Any, ...]) -> None:
        """Add what another process found, as ``answer`` gives it."""
        text, columns, links, closed = other
        self.paths.extend(os.fsdecode(text).split("\0") if text else [])
        for column, data in zip(self.columns, columns, strict=True):
            column.frombytes(data)
        self.links.update(links)
        self.closed.update(closed)


def _target(path: str) -> str:
    try:
        return os.readlink(path)  # noqa: PTH115  (the text as it is, not as a path)
    except OSError:
        return ""


def answer(job: tuple[str, list[str], int]) -> tuple[Any, ...]:
    """What is below ``(root, folders, limit)``: paths, columns, links and closed folders."""
    root, folders, limit = job
    scan = Scan([])
    scan.go(root, folders, limit=limit)
    columns = [column.tobytes() for column in scan.columns]
    return os.fsencode("\0".join(scan.paths)), columns, scan.links, scan.closed


def main() -> None:
    """Answer until there is nothing more to go through."""
    worker_loop.serve(answer)
