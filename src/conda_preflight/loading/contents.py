"""The ELF files that lie in a prefix, and what each is there for."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field

from conda_preflight.documents.libraries import SharedObject
from conda_preflight.loading.disk import Disk
from conda_preflight.loading.search import Broken
from conda_preflight.pattern import lazy_pattern

MAX_FILES = 1_000_000
MAX_OBJECTS = 50_000
MAX_DEPTH = 64
_SKIPPED = frozenset(("conda-meta", "pkgs", "__pycache__"))
_TEXT = (".py", ".pyc", ".pyi", ".h", ".hpp", ".json", ".txt", ".a", ".o", ".debug", ".md", ".sh")
_LIBRARY = lazy_pattern(r"(?s).+\.so(?:\.[\w.+-]+)?")
_MODULE = lazy_pattern(r"(?P<name>\w+)(?:\.(?:cpython-(?P<tag>\d+)[a-z]*[\w-]*|abi3t?))?\.so")
_PYTHON = lazy_pattern(r"lib/python(\d)\.(\d{1,2})t?/")


@dataclass(slots=True, eq=False)
class Contents:
    """The objects of a prefix by path (links are none), and the paths of each name.

    ``paths`` tells how each object is reached on the disk; ``is_whole`` is false where there
    are more files than were looked at; ``names`` are ordered sets.
    """

    objects: dict[str, SharedObject] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)
    names: dict[str, dict[str, None]] = field(default_factory=dict)
    is_whole: bool = True


def take(disk: Disk, folder: str) -> Contents:
    """Look at each file of the folder that may be mapped; links to folders are not entered.

    ``folder`` is where this process sees the prefix of the disk. Files that claim to be ELF
    and are broken are in ``disk.broken``.
    """
    found = Contents()
    for number, path in enumerate(_candidates(folder, found)):
        if number >= MAX_OBJECTS:
            found.is_whole = False
            break
        where = disk.prefix + path[len(folder) :]
        known = disk.look(where)
        if known is None or isinstance(known, Broken) or not known.abi:
            continue
        if not os.path.islink(path):
            found.objects.setdefault(known.path, known)
            found.paths.setdefault(known.path, where)
        for name in {os.path.basename(where), known.soname}:
            if name:
                found.names.setdefault(name, {})[known.path] = None
    return found


def _candidates(folder: str, found: Contents) -> Iterator[str]:
    """Files that are named as libraries or may be executed, by path; bounded."""
    todo, seen = [(folder, 0)], 0
    while todo:
        here, depth = todo.pop()
        try:
            entries = sorted(os.scandir(here), key=lambda entry: entry.name)
        except OSError:
            continue
        seen += len(entries)
        if seen > MAX_FILES:
            found.is_whole = False
            return
        inner = []
        for entry in entries:
            if _is_folder(entry):
                if entry.name not in _SKIPPED and depth < MAX_DEPTH:
                    inner.append((entry.path, depth + 1))
            elif _is_candidate(entry):
                yield entry.path
        todo += reversed(inner)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _is_candidate(entry: os.DirEntry[str]) -> bool:
    if entry.name.endswith(_TEXT):
        return False
    if ".so" in entry.name and _LIBRARY.fullmatch(entry.name):
        return True
    try:
        mode = entry.stat(follow_symlinks=False).st_mode
    except OSError:
        return False
    return stat.S_ISREG(mode) and bool(mode & 0o111)


def is_extension(path: str, found: SharedObject) -> bool:
    """Whether Python can import an object of a prefix, by folder, name, version and symbols.

    Without a version in its name it may be one that a framework opens by its path.
    """
    return _may_be_imported(path) and (found.is_module or ".cpython-" in path)


def _may_be_imported(path: str) -> bool:
    place = _PYTHON.match(path)
    if not place:
        return False
    name = path.rpartition("/")[2]
    module = _MODULE.fullmatch(name)
    if not module or (module["name"].startswith("lib") and name == f"{module['name']}.so"):
        return False
    return module["tag"] in (None, place[1] + place[2])


def python_of(contents: Contents) -> str:
    """The path of the prefix's Python, empty where it has none."""
    versions = {hit[0][4:-1] for path in contents.objects if (hit := _PYTHON.match(path))}
    programs = [f"bin/{name}" for name in sorted(versions, key=_number)]
    return next((path for path in reversed(programs) if path in contents.objects), "")


def _number(name: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", name)))
