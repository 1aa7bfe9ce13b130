"""What is mapped in one process, in the order in which the loader maps it."""

from __future__ import annotations

from conda_preflight.documents.libraries import Link, SharedObject
from conda_preflight.facts.loader import GLIBC
from conda_preflight.loading.search import Broken, Found, Mapped, Search
from conda_preflight.loading.system import System

MAX_MAPPED = 10_000


class Space:
    """The objects of one process; a name that is there already is never searched again.

    Source: glibc, elf/dl-load.c and elf/dl-deps.c: the needed of all objects, breadth first.
    """

    def __init__(self, search: Search, system: System, abi: str) -> None:
        self._search, self._system, self._abi = search, system, abi
        self._names: dict[str, Mapped] = {}
        self._objects: dict[int, Mapped] = {}
        self._main: Mapped | None = None

    def copy(self) -> Space:
        """The same process, to go on with in another way."""
        other = Space(self._search, self._system, self._abi)
        other._names = dict(self._names)
        other._objects = dict(self._objects)
        other._main = self._main
        return other

    @property
    def mapped(self) -> tuple[Mapped, ...]:
        """Everything in it, in its order."""
        return tuple(self._objects.values())

    def named(self, name: str) -> Mapped | None:
        """What answers to a name."""
        return self._names.get(name)

    def start(self, path: str, program: SharedObject, loader: SharedObject | None) -> list[Link]:
        """Map a program, or a library as if it were one, and all that it needs."""
        self._main = Mapped(program, path)
        if loader is not None:
            self._add(Mapped(loader, program.interpreter or loader.path), loader.path)
        return self._map_with_needed(self._main)

    def open(self, path: str, found: SharedObject, caller: Mapped | None) -> list[Link]:
        """Map what dlopen is given as a path, and all that it needs."""
        if id(found) in self._objects:
            return []
        return self._map_with_needed(Mapped(found, path, caller))

    def _map_with_needed(self, first: Mapped) -> list[Link]:
        self._add(first, first.path)
        links: list[Link] = []
        queue = [first]
        for needer in queue:
            for name in needer.object.needed:
                link, new = self._need(name, needer)
                links.append(link)
                if new is not None and len(self._objects) < MAX_MAPPED:
                    queue.append(new)
        return links

    def _need(self, name: str, needer: Mapped) -> tuple[Link, Mapped | None]:
        """The link, and the object where it was not mapped before."""
        self._search.step()
        here = needer.object.path
        known = self._names.get(name)
        if known is not None:
            return Link(here, name, known.object.path, "loaded"), None
        found = self._search.find(name, needer, self._main, self._abi)
        if found is None:
            presumed = not self._system.is_known and name in GLIBC
            return Link(here, name, "", "system" if presumed else ""), None
        if isinstance(found.object, Broken):
            return Link(here, name, found.object.path, "broken", found.object.why), None
        link = Link(here, name, found.object.path, found.how, found.folder)
        return link, self._take(name, found, found.object, needer)

    def _take(
        self, name: str, found: Found, library: SharedObject, needer: Mapped
    ) -> Mapped | None:
        """The new object; None where the same file is mapped under another name."""
        known = self._objects.get(id(library))
        if known is not None:
            self._names.setdefault(name, known)
            return None
        new = Mapped(library, found.path, needer)
        self._add(new, name)
        return new

    def _add(self, new: Mapped, name: str) -> None:
        self._objects[id(new.object)] = new
        for known in (name, new.path, new.object.soname):
            if known:
                self._names.setdefault(known, new)
