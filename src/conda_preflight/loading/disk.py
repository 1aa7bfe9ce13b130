"""ELF files on a disk, below a root directory, as the loader of a system there meets them."""

from __future__ import annotations

import os
import stat

from conda_preflight.documents.libraries import SharedObject
from conda_preflight.errors import ReadError
from conda_preflight.grammar.elf import MAGIC, parse
from conda_preflight.loading.search import Broken

PAGE = 16_384
MAX_PAGES = 64
MAX_LINKS = 40
_SYSTEM = ("/lib", "/lib32", "/lib64", "/usr")


class Disk:
    """The files of a prefix and of the system around it; each file is read once.

    ``prefix`` is an absolute path below ``root``, without links, as a process there sees it.
    A link that leads out of the prefix is followed to the system's libraries alone; of any
    other file it is only known that it is there.
    """

    def __init__(self, prefix: str, root: str = "/") -> None:
        self.prefix, self._root = prefix.rstrip("/") or "/", root.rstrip("/")
        self._objects: dict[tuple[int, int], SharedObject | Broken] = {}
        self._folders: dict[str, bool] = {}
        self.broken: dict[str, ReadError] = {}

    def look(self, path: str) -> SharedObject | Broken | None:
        """The object at an absolute path, the same one for each of its names."""
        try:
            info = os.stat(self._outside(path))
        except (OSError, ValueError):
            return None
        if not stat.S_ISREG(info.st_mode):
            return None
        key = (info.st_dev, info.st_ino)
        if key not in self._objects:
            self._objects[key] = self._read(path)
        return self._objects[key]

    def is_folder(self, path: str) -> bool:
        """Whether there is such a directory."""
        if path not in self._folders:
            try:
                self._folders[path] = os.path.isdir(self._outside(path))
            except ValueError:
                self._folders[path] = False
        return self._folders[path]

    def place(self, path: str) -> str:
        """A path without links: relative to the prefix, absolute outside of it."""
        outside = self._outside(path)
        real = os.path.realpath(outside) if not self._root else outside
        seen = real.removeprefix(self._root) if self._root else real
        inside = seen.startswith(f"{self.prefix}/")
        shown = seen[len(self.prefix) + 1 :] if inside else seen
        return shown.encode("utf-8", "replace").decode()

    def content(self, path: str, limit: int) -> bytes:
        """The first bytes of a regular file, none where there is no such file."""
        try:
            descriptor = os.open(self._outside(path), os.O_RDONLY | os.O_NONBLOCK)
        except (OSError, ValueError):
            return b""
        with os.fdopen(descriptor, "rb") as stream:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return b""
            return stream.read(limit)

    def _read(self, path: str) -> SharedObject | Broken:
        place = self.place(path)
        if place.startswith("/") and path.startswith(f"{self.prefix}/") and not _is_system(place):
            return SharedObject(place, "")
        try:
            found = read_object(self._outside(path), place)
        except ReadError as error:
            self.broken.setdefault(place, error)
            return Broken(place, error.message)
        return Broken(place, "it is no ELF file") if found is None else found

    def _outside(self, path: str) -> str:
        """The path by which this process reaches it; links are resolved below the root."""
        return resolve(self._root, path) if self._root else path


def read_object(file: str, place: str) -> SharedObject | None:
    """The object in a regular file under the path that reports use, None where it is none.

    Raises ReadError where the file cannot be opened or is broken.
    """
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK)
    except (OSError, ValueError) as error:
        raise ReadError(f"The file cannot be opened: {error}") from None
    try:
        info = os.fstat(descriptor)
        if not stat.S_ISREG(info.st_mode) or os.pread(descriptor, 4, 0) != MAGIC:
            return None
        return parse(_Pages(descriptor, info.st_size).read, info.st_size, place)
    except OSError as error:
        raise ReadError(f"The file cannot be read: {error.strerror or error}") from None
    finally:
        os.close(descriptor)


class _Pages:
    """Reads a file in pages and keeps a few: names in it lie close to each other."""

    def __init__(self, descriptor: int, size: int) -> None:
        self._descriptor, self._size = descriptor, size
        self._pages: dict[int, bytes] = {}

    def read(self, offset: int, count: int) -> bytes:
        """Up to so many bytes, fewer at the end."""
        if not 0 <= offset < self._size:
            return b""
        first, last = offset // PAGE, (offset + count - 1) // PAGE
        data = b"".join(self._page(number) for number in range(first, last + 1))
        return data[offset - first * PAGE :][:count]

    def _page(self, number: int) -> bytes:
        if number not in self._pages:
            if len(self._pages) >= MAX_PAGES:
                self._pages.clear()
            self._pages[number] = os.pread(self._descriptor, PAGE, number * PAGE)
        return self._pages[number]


def resolve(root: str, path: str) -> str:
    """Where a path leads for a process whose root directory that is, as a path of this one."""
    parts = [part for part in reversed(path.split("/")) if part not in ("", ".")]
    here, links = root, 0
    while parts:
        part = parts.pop()
        if part == "..":
            here = here if here == root else os.path.dirname(here)
            continue
        step = f"{here}/{part}"
        try:
            target = os.readlink(step) if os.path.islink(step) else None
        except OSError:
            target = None
        if target is None:
            here = step
            continue
        links += 1
        if links > MAX_LINKS:
            return f"{root}/.."  # a circle leads to nothing that is a regular file
        here = root if target.startswith("/") else here
        parts += [each for each in reversed(target.split("/")) if each not in ("", ".")]
    return here


def _is_system(place: str) -> bool:
    return any(place.startswith(f"{folder}/") for folder in _SYSTEM)
