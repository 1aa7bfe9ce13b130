"""Where the dynamic loader looks for one library, in which order, and what it takes.

Source: ld.so(8) (https://man7.org/linux/man-pages/man8/ld.so.8.html) and glibc's elf/dl-load.c.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Protocol

from conda_preflight.documents.libraries import SharedObject
from conda_preflight.errors import Skip
from conda_preflight.loading.system import System
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import document_type, value_type

_TOKEN = lazy_pattern(r"\$(?:\{(ORIGIN|LIB|PLATFORM)\}|(ORIGIN|LIB|PLATFORM)(?![A-Za-z0-9_]))")
MAX_CHAIN = 64
MAX_STEPS = 5_000_000
"""Looks into folders for all entry points together; the largest environments need a tenth."""


@value_type
class Broken:
    """A file that the loader opens and cannot map, which ends its search."""

    path: str
    why: str


class Files(Protocol):
    """What is on a disk, as the loader would meet it."""

    def look(self, path: str) -> SharedObject | Broken | None:
        """The object at an absolute path, the same one for each of its names."""

    def is_folder(self, path: str) -> bool:
        """Whether there is such a directory."""


@document_type
class Mapped:
    """An object in a process: the path under which it was opened, and for whom."""

    object: SharedObject
    path: str
    loader: Mapped | None = None

    @property
    def chain(self) -> Iterator[Mapped]:
        """The object itself, who needed it, who needed that one ..."""
        here: Mapped | None = self
        for _ in range(MAX_CHAIN):
            if here is None:
                return
            yield here
            here = here.loader


@value_type
class Found:
    """What a search ends with: the path that is opened, how it was found, and by which entry."""

    path: str
    object: SharedObject | Broken
    how: str
    folder: str


class Search:
    """The rules of one system, with LD_LIBRARY_PATH as it is set for a process."""

    def __init__(self, files: Files, system: System, library_path: tuple[str, ...] = ()) -> None:
        self._files, self._system = files, system
        self._library_path = library_path
        self._steps = 0
        self._in_folder: dict[tuple[str, str, str], tuple[str, SharedObject | Broken] | None] = {}

    def find(self, name: str, needer: Mapped, main: Mapped | None, abi: str) -> Found | None:
        """The library of that name for one that needs it; None where there is none."""
        if "/" in name:
            path = self._expand(name, needer)
            found = self._files.look(path) if path.startswith("/") else None
            return Found(path, found, "path", "") if found is not None else None
        for how, folder, written in self._folders(needer, main):
            if (hit := self._look(folder, name, abi)) is not None:
                return Found(*hit, how, written)
        return self._in_system(name, needer, abi)

    def _folders(self, needer: Mapped, main: Mapped | None) -> Iterator[tuple[str, str, str]]:
        """How, where, and as whose entry of a search path, for all before the system's."""
        if not needer.object.runpath:
            owners = list(needer.chain)
            if main is not None and not any(owner.object is main.object for owner in owners):
                owners.append(main)
            for owner in owners:
                yield from self._entries("rpath", owner.object.rpath, owner)
        yield from self._entries("LD_LIBRARY_PATH", self._library_path, needer)
        yield from self._entries("runpath", needer.object.runpath, needer)

    def _entries(
        self, how: str, texts: tuple[str, ...], owner: Mapped
    ) -> Iterator[tuple[str, str, str]]:
        """A relative entry means the working directory of a process, which nobody knows."""
        for text in texts:
            folder = self._expand(text, owner)
            if folder.startswith("/"):
                whose = "" if how == "LD_LIBRARY_PATH" else f" of {owner.object.path}"
                yield how, folder, f"{text}{whose}"

    def _expand(self, text: str, owner: Mapped) -> str:
        if "$" not in text:
            return text
        values = {
            "ORIGIN": posixpath.dirname(owner.path),
            "LIB": self._system.lib,
            "PLATFORM": self._system.platform,
        }
        return _TOKEN.sub(lambda hit: values[_token(hit)], text)

    def step(self) -> None:
        """Count one look into a folder or for a name; raises Skip where they are too many."""
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise Skip("the libraries of the environment need each other without end")

    def _look(self, folder: str, name: str, abi: str) -> tuple[str, SharedObject | Broken] | None:
        self.step()
        key = (folder, name, abi)
        if key not in self._in_folder:
            self._in_folder[key] = self._try(folder, name, abi)
        return self._in_folder[key]

    def _try(self, folder: str, name: str, abi: str) -> tuple[str, SharedObject | Broken] | None:
        """What is in a folder, in those of better processors first; other ABIs are passed over."""
        if not self._files.is_folder(folder):
            return None
        better = posixpath.join(folder, "glibc-hwcaps")
        levels = self._system.levels if self._files.is_folder(better) else ()
        for where in (*(posixpath.join(better, level) for level in levels), folder):
            path = posixpath.join(where, name)
            found = self._files.look(path)
            if found is not None and _fits(found, abi):
                return path, found
        return None

    def _in_system(self, name: str, needer: Mapped, abi: str) -> Found | None:
        folders = self._system.folders
        for path in self._system.cache.get(name, ()):
            if needer.object.searches_defaults or posixpath.dirname(path) not in folders:
                found = self._files.look(path)
                if found is not None and _fits(found, abi):
                    return Found(path, found, "cache", posixpath.dirname(path))
        for folder in folders if needer.object.searches_defaults else ():
            if (hit := self._look(folder, name, abi)) is not None:
                return Found(*hit, "default", folder)
        return None


def _token(hit: re.Match[str]) -> str:
    return hit[1] or hit[2]


def _fits(found: SharedObject | Broken, abi: str) -> bool:
    """Broken files end a search; objects of another ABI, or not read, do not or may fit."""
    return isinstance(found, Broken) or found.abi in (abi, "")
