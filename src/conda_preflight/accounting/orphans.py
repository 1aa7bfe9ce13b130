"""What a file that nobody owns can do: run unasked, come before another, or only lie there."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from conda_preflight.documents.inventory import Inventory
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import document_type

CUSTOMIZE = ("sitecustomize", "usercustomize")
_ACTIVATION = tuple(f"etc/conda/{name}.d/" for name in ("activate", "deactivate", "env_vars"))
_ZIP = lazy_pattern(r"lib/python3\d+\.zip")
_LIBRARY = lazy_pattern(r"(?:lib|lib64)/[^/]+\.so(?:\.[\w.]+)?")
_EXTENSION = lazy_pattern(r"([^/.]+)(?:\.[\w-]+)*\.(?:so|pyd)")
_RANKS = {"package": 0, "extension": 1, "source": 2, "compiled": 3}


def runs_unasked(path: str, sites: Iterable[str]) -> str:
    """When a file's code runs without anybody importing it, empty where it does not."""
    folder, _, name = path.rpartition("/")
    if path.startswith(_ACTIVATION):
        return "whenever the environment is activated"
    if folder in sites and name.endswith(".pth"):
        return "whenever Python starts"
    if _ZIP.fullmatch(path):
        return "in place of Python's own library"
    stem = name.partition(".")[0]
    is_package = posixpath.basename(folder) in CUSTOMIZE and stem == "__init__"
    where = posixpath.dirname(folder) if is_package else folder
    is_custom = is_package or (stem in CUSTOMIZE and _module(name) is not None)
    return "whenever Python starts" if is_custom and where in search_path(sites) else ""


def search_path(sites: Iterable[str]) -> tuple[str, ...]:
    """The folders that Python looks into, in its order, relative to the prefix."""
    found = []
    for site in sites:
        library = posixpath.dirname(site)
        found += [library, f"{library}/lib-dynload", site]
    return tuple(found)


def role(path: str) -> str:
    """What kind of code a file is, by its place and name; empty for what is none."""
    if path.startswith(("bin/", "sbin/")) and path.count("/") == 1:
        return "a program"
    if _LIBRARY.fullmatch(path):
        return "a library that others may load"
    if path.startswith("lib/python") and _module(path.rpartition("/")[2]) is not None:
        return "" if "/__pycache__/" in path else "a module that can be imported"
    return ""


@document_type
class Modules:
    """The modules of owned files: how each is found, by its folder and name."""

    known: dict[tuple[str, str], tuple[int, str]]
    path: tuple[str, ...]

    def shadowed(self, path: str) -> str:
        """The owned file that is no longer imported because of this one; empty for none."""
        found = _place(path)
        if not found:
            return ""
        folder, name, rank = found
        folders = [folder]
        if folder in self.path:
            folders += self.path[self.path.index(folder) + 1 :]
        for number, each in enumerate(folders):
            other = self.known.get((each, name))
            if other and (number or other[0] > rank):
                return other[1]
        return ""


def modules(inventory: Inventory) -> Modules:
    """Those of all owners."""
    known: dict[tuple[str, str], tuple[int, str]] = {}
    for owner in inventory.owners:
        for file in owner.files:
            if file.path.startswith("lib/python") and (found := _place(file.path)):
                folder, name, rank = found
                before = known.get((folder, name))
                if before is None or rank < before[0]:
                    known[folder, name] = (rank, file.path)
    return Modules(known, search_path(inventory.site_packages))


def _place(path: str) -> tuple[str, str, int] | None:
    """The folder in which a module is found, its name and how it is found there."""
    folder, _, base = path.rpartition("/")
    found = _module(base)
    if found is None or folder.endswith("__pycache__"):
        return None
    name, kind = found
    if name == "__init__":
        return posixpath.dirname(folder), posixpath.basename(folder), _RANKS["package"]
    return folder, name, _RANKS[kind]


def _module(base: str) -> tuple[str, str] | None:
    stem, dot, ending = base.rpartition(".")
    if not dot or not stem:
        return None
    if ending == "py":
        return stem, "source"
    if ending == "pyc":
        return stem, "compiled"
    extension = _EXTENSION.fullmatch(base)
    return (extension[1], "extension") if extension else None


def grouped(paths: Iterable[str], owned: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Paths by the topmost folder that holds nothing owned; else each for itself."""
    folders = {""}
    for path in owned:
        while (path := posixpath.dirname(path)) not in folders:
            folders.add(path)
    groups: dict[str, list[str]] = {}
    for path in paths:
        parts = path.split("/")
        tops = ("/".join(parts[:end]) for end in range(1, len(parts)))
        top = next((f"{folder}/" for folder in tops if folder not in folders), path)
        groups.setdefault(top, []).append(path)
    yield from groups.items()


def is_known(path: str, patterns: Iterable[str]) -> bool:
    """Whether a by-product of a list of globs, whose ``*`` also stands for slashes."""
    return any(fnmatchcase(path, pattern) for pattern in patterns)


CONDA, MAMBA, PIP, CLEAN = "conda", "mamba", "pip", "conda-preflight clean"
_ARCHIVE = lazy_pattern(r"(?:[^/]*/)*[^/]+-[^/-]+-[^/]+\.(?:conda|tar\.bz2|whl)(?:\.part(?:ial)?)?")


def left_by(path: str, sites: Iterable[str]) -> str:
    """Whose unfinished removal left a file, empty for no such file.

    Sources: conda's ``CONDA_TEMP_EXTENSION`` (``.c~``), mamba's ``mamba_trash.txt``, and the ``~``
    with which pip begins the name of what it is about to remove (``AdjacentTempDirectory``).
    """
    if path.endswith(".c~") or path.startswith(".trash/"):
        return CONDA
    if ".mamba_trash" in path.rpartition("/")[2]:
        return MAMBA
    if path.startswith(".conda-preflight-trash/"):
        return CLEAN
    inside = any(path.startswith(f"{site}/~") and "/" in path[len(site) + 2 :] for site in sites)
    return PIP if inside else ""


def is_archive(path: str) -> bool:
    """Whether a file is a package as it was downloaded, by its name."""
    return bool(_ARCHIVE.fullmatch(path))
