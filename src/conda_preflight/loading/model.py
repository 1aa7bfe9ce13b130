"""Predicts what is mapped for each entry point of a prefix."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from fnmatch import fnmatchcase

from conda_preflight.documents.libraries import Link, Process, SharedObject
from conda_preflight.facts.loader import LOADERS
from conda_preflight.facts.preloads import PRELOADS, Preload
from conda_preflight.loading.contents import Contents, is_extension, python_of
from conda_preflight.loading.disk import Disk
from conda_preflight.loading.search import Mapped, Search
from conda_preflight.loading.space import Space
from conda_preflight.loading.system import System

_LIBPYTHON = "libpython3"


class Model:
    """One prefix on one system; its Python is started once and each module is opened in a copy."""

    def __init__(
        self, contents: Contents, disk: Disk, system: System, library_path: tuple[str, ...] = ()
    ) -> None:
        self._contents, self._disk, self._system = contents, disk, system
        self._search = Search(disk, system, library_path)
        self._python = python_of(contents)
        self._space = self._python_space()
        self._imported: dict[str, tuple[Space, list[Link]]] = {}
        self._sites = sorted({p.partition("site-packages/")[0] for p in self._in_sites()})
        self.used: dict[str, SharedObject] = dict(contents.objects)

    def _in_sites(self) -> Iterator[str]:
        return (path for path in self._contents.objects if "/site-packages/" in path)

    def processes(self) -> Iterator[Process]:
        """Programs and extension modules, then the libraries that none of them maps."""
        reached: set[str] = set()
        rest = []
        for path, found in self._contents.objects.items():
            if found.is_program:
                yield self._reach(self.program(path), reached)
            elif is_extension(path, found) and self._fits(found):
                yield self._reach(self.extension(path), reached)
            else:
                rest.append(path)
        for path in rest:
            if path not in reached and self._fits(self._contents.objects[path]):
                yield self._reach(self._opened(path, "plugin"), reached)

    def _reach(self, process: Process, reached: set[str]) -> Process:
        reached.update(process.mapped)
        return process

    def _fits(self, found: SharedObject) -> bool:
        """A file for another kind of machine than the prefix's Python is data."""
        return not self._python or found.abi == self._contents.objects[self._python].abi

    def program(self, path: str) -> Process:
        """A file that is started, or mapped as if it were (``ld.so --list`` does so)."""
        space, links = self._start(path)
        return self._process(path, "program", space, links)

    def extension(self, path: str) -> Process:
        """A module that the prefix's Python imports."""
        return self._opened(path, "extension")

    def _opened(self, path: str, kind: str) -> Process:
        """What dlopen maps; where something is missing, after a package that would map it."""
        alone = self._space.copy() if self._space else None
        if alone is None:
            space, links = self._start(path)
            return self._process(path, kind, space, links)
        links = self._open(alone, path)
        missing = {link.soname for link in links if not link.how}
        preload = self._preload_of(path, missing) if missing else None
        if preload is None:
            return self._process(path, kind, alone, links)
        space = self._after(preload).copy()
        later = [self._helped(link, preload) for link in self._open(space, path)]
        found = self._process(path, kind, space, later)
        return Process(path, kind, found.mapped, found.links, preload.package)

    def _start(self, path: str) -> tuple[Space, list[Link]]:
        program = self._contents.objects[path]
        space = Space(self._search, self._system, program.abi)
        interpreter = program.interpreter or LOADERS.get(program.abi, "")
        loader = self._disk.look(interpreter) if interpreter else None
        known = loader if isinstance(loader, SharedObject) else None
        return space, space.start(self._contents.paths[path], program, known)

    def _open(self, space: Space, path: str) -> list[Link]:
        """Python's own code calls dlopen; it is in libpython where there is one."""
        callers = [m for m in space.mapped if _LIBPYTHON in m.object.soname]
        first = next((m for m in space.mapped if m.object.path == self._python), None)
        caller: Mapped | None = callers[0] if callers else first
        return space.open(self._contents.paths[path], self._contents.objects[path], caller)

    def _python_space(self) -> Space | None:
        return self._start(self._python)[0] if self._python else None

    def _preload_of(self, path: str, missing: set[str]) -> Preload | None:
        """The package whose import maps a library of one of these names."""
        for preload in PRELOADS:
            space = self._after(preload)
            known = any(space.named(name) is not None for name in missing)
            packages = (preload.package, *preload.owns)
            own = any(fnmatchcase(path, f"*/site-packages/{name}/*") for name in packages)
            if space.mapped and (known or (own and self._folder_with(preload, missing))):
                return preload
        return None

    def _after(self, preload: Preload) -> Space:
        """The process of Python in which that package is imported; the same one each time."""
        if preload.package not in self._imported:
            space = self._space.copy() if self._space else Space(self._search, self._system, "")
            links: list[Link] = []
            for path in self._matching(preload.opens):
                links += self._open(space, path)
            self._imported[preload.package] = (space, links)
        return self._imported[preload.package][0]

    def _matching(self, globs: tuple[str, ...]) -> Iterator[str]:
        for pattern in globs:
            wanted = [f"{site}site-packages/{pattern}" for site in self._sites]
            yield from (p for p in self._contents.objects if any(fnmatchcase(p, w) for w in wanted))

    def _helped(self, link: Link, preload: Preload) -> Link:
        """What the package would open itself, where the loader finds nothing."""
        if link.how:
            return link
        found = self._folder_with(preload, {link.soname})
        return Link(link.needer, link.soname, found, "preloaded") if found else link

    def _folder_with(self, preload: Preload, names: set[str]) -> str:
        places = (path for name in sorted(names) for path in self._contents.names.get(name, ()))
        return next(
            (
                path
                for path in places
                for folder in preload.folders
                if fnmatchcase(posixpath.dirname(path), f"*/site-packages/{folder}")
            ),
            "",
        )

    def _process(self, path: str, kind: str, space: Space, links: list[Link]) -> Process:
        for each in space.mapped:
            self.used.setdefault(each.object.path, each.object)
        return Process(path, kind, tuple(m.object.path for m in space.mapped), tuple(links))
