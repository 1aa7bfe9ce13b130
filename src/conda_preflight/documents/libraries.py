"""What the dynamic loader would do in a prefix: its ELF files, and who gets which library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from conda_preflight.documents.place import Location
from conda_preflight.plain import document_type, value_type


@document_type
class SharedObject:
    """An ELF file that the loader can map, as its headers and its dynamic section state it.

    ``path`` is relative to the prefix with forward slashes, absolute outside of it; ``abi``
    is "x86_64", "i386", "aarch64" ...; ``needs`` are the symbol versions that must be there,
    by the library that must define them; ``build_id`` is hex or empty; ``executable_stack``
    is None where the file says nothing; ``is_program`` is true where a kernel can start it;
    ``searches_defaults`` is false with DF_1_NODEFLIB; ``is_module`` is true where Python's
    entry for a module of the file's name is among its symbols, never for ``lib...``. ``size``
    is in bytes.
    """

    path: str
    abi: str
    size: int = 0
    soname: str = ""
    needed: tuple[str, ...] = ()
    rpath: tuple[str, ...] = ()
    runpath: tuple[str, ...] = ()
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    defines: frozenset[str] = frozenset()
    interpreter: str = ""
    build_id: str = ""
    executable_stack: bool | None = None
    is_program: bool = False
    searches_defaults: bool = True
    is_module: bool = False


@value_type
class Link:
    """What the loader does about one NEEDED of one object.

    ``provider`` is the path that it opens, empty where there is none. ``how`` is "rpath",
    "runpath", "LD_LIBRARY_PATH", "cache", "default", "path" (the name is one), "loaded" (by
    that name before), "preloaded" (by a package that is imported first), "broken" (a file of
    that name that cannot be mapped ends the search), "system" (of a system of which only
    its C library is known) or empty for not found. ``folder`` is the entry of the search
    path as it is written, with whose it is: ``$ORIGIN/../lib of bin/python``.
    """

    needer: str
    soname: str
    provider: str = ""
    how: str = ""
    folder: str = ""


@document_type
class Process:
    """One entry point and everything that the loader maps for it, in its order.

    ``kind`` is "extension" (a Python module, opened by the prefix's Python), "program" or
    "plugin" (a library that no other entry needs; something opens it by name).
    ``mapped`` are paths, those of the interpreter too; ``after`` is the package that is
    imported first.
    """

    entry: str
    kind: str
    mapped: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    after: str = ""


@document_type
class Libraries:
    """The ELF files of a prefix and what the dynamic loader picks for each entry point.

    ``objects`` are by path, those of the system that are picked too; ``inside`` are the
    paths of the prefix's own files by soname and by file name. ``system`` says whose
    libraries are beside the prefix ("this machine", a directory, a target);
    ``is_system_known`` is false where of these only the C library is known. ``glibc`` is its
    version or empty; ``broken`` are ELF files that cannot be read, with the reason;
    ``is_whole`` is false where there were too many files to look at all;
    ``library_path`` are the directories of LD_LIBRARY_PATH,
    and ``library_path_from`` who sets it.
    """

    path: str
    location: Location
    objects: Mapping[str, SharedObject] = field(default_factory=dict)
    processes: tuple[Process, ...] = ()
    inside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    system: str = ""
    is_system_known: bool = False
    glibc: str = ""
    library_path: tuple[str, ...] = ()
    library_path_from: str = ""
    broken: Mapping[str, str] = field(default_factory=dict)
    is_whole: bool = True

    def place(self, path: str) -> Location:
        """Where an object of the prefix lies, for reports."""
        return Location(f"{self.path}/{path}")
