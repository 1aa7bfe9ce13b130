"""Deletes a folder with all that is in it: by descriptors, so that no link leads it elsewhere."""

from __future__ import annotations

import os
import stat
from contextlib import suppress

from conda_preflight.engines.disk_usage import BLOCK
from conda_preflight.plain import document_type

_MAX_DEPTH = 100
"""So many folders are open at once; deeper ones are first moved up."""
_MAX_TOLD = 20
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


@document_type
class Deleted:
    """How many bytes became free, and what could not be deleted, each with the reason."""

    freed: int = 0
    left: tuple[str, ...] = ()


def delete(path: str) -> Deleted:
    """Delete a file, link or folder. Raises nothing; rights of folders on the way are widened.

    What is on another file system, as a mount point is, stays.
    """
    folder, name = os.path.split(path)
    try:
        parent = os.open(folder, _FOLDER)
    except OSError as error:
        return Deleted(left=(f"{folder}: {error.strerror}",))
    try:
        device = os.fstat(parent).st_dev
        deletion = _Deletion(device, parent)
        deletion.take(parent, name, folder, 0)
        while deletion.hoisted:
            deletion.take(parent, deletion.hoisted.pop(), folder, 0)
    finally:
        os.close(parent)
    return Deleted(deletion.freed, tuple(deletion.left))


class _Deletion:
    """One deletion; ``top`` is the descriptor of the folder in which it happens."""

    def __init__(self, device: int, top: int) -> None:
        self._device, self._top = device, top
        self.freed = 0
        self.left: list[str] = []
        self.hoisted: list[str] = []
        self._count = 0

    def take(self, parent: int, name: str, lead: str, depth: int) -> None:
        """Delete one entry of an open folder."""
        try:
            found = os.lstat(name, dir_fd=parent)
            if found.st_dev != self._device:
                self._tell(f"{lead}/{name}: it is on another file system")
            elif stat.S_ISDIR(found.st_mode) and depth > _MAX_DEPTH:
                self._hoist(parent, name)
            elif stat.S_ISDIR(found.st_mode):
                self._empty(parent, name, lead, depth, found)
                os.rmdir(name, dir_fd=parent)
                self.freed += found.st_blocks * BLOCK
            else:
                os.unlink(name, dir_fd=parent)
                self.freed += found.st_blocks * BLOCK if found.st_nlink == 1 else 0
        except FileNotFoundError:
            return
        except OSError as error:
            self._tell(f"{lead}/{name}: {error.strerror}")

    def _empty(self, parent: int, name: str, lead: str, depth: int, found: os.stat_result) -> None:
        """Delete what is in a folder, which is opened without following a link."""
        needed = stat.S_IRWXU
        if found.st_mode & needed != needed:  # chmod follows links, so only if it is a folder still
            with suppress(OSError):
                _widen(parent, name, found)
        descriptor = os.open(name, _FOLDER, dir_fd=parent)
        try:
            with os.scandir(descriptor) as entries:
                names = [entry.name for entry in entries]
            for inner in names:
                self.take(descriptor, inner, f"{lead}/{name}", depth + 1)
        finally:
            os.close(descriptor)

    def _hoist(self, parent: int, name: str) -> None:
        """Move a folder that lies too deep to the top, to be deleted from there."""
        self._count += 1
        fresh = f".deep-{os.getpid()}-{self._count}"
        os.rename(name, fresh, src_dir_fd=parent, dst_dir_fd=self._top)
        self.hoisted.append(fresh)

    def _tell(self, sentence: str) -> None:
        if len(self.left) < _MAX_TOLD:
            self.left.append(sentence)


def _widen(parent: int, name: str, found: os.stat_result) -> None:
    """Give the owner all rights of a folder, through a descriptor of this very folder."""
    descriptor = os.open(name, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=parent)
    try:
        if os.fstat(descriptor).st_ino == found.st_ino:
            os.chmod(f"/proc/self/fd/{descriptor}", stat.S_IMODE(found.st_mode) | stat.S_IRWXU)  # noqa: PTH101
    finally:
        os.close(descriptor)
