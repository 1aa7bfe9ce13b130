"""From a path to documents: find the files, open them, let the right reader read them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import cast

from conda_preflight.documents import Document, Location, Source, Unreadable
from conda_preflight.errors import ReadError, UsageError
from conda_preflight.opening import open_source, source_of
from conda_preflight.readers import PATTERNS, Reader

MAX_FILES = 20_000
MAX_DEPTH = 6
_HIDDEN_BUT_READ = frozenset((".github", ".circleci", ".gitlab", ".devcontainer", ".binder"))
_NEVER_READ = frozenset(("node_modules", "__pycache__", "site-packages", "venv"))
_KNOWN = (
    "Name a manifest, lock, Dockerfile, Kubernetes manifest, .condarc, fact sheet, bill of "
    "materials or prefix."
)
_NARROWER = "Audit a smaller directory, or set exclude in the settings."
_OF_OTHER_TOOLS = frozenset(
    (
        ".pre-commit-config.yaml",
        ".pre-commit-hooks.yaml",
        "mkdocs.yml",
        "codecov.yml",
        ".codecov.yml",
        "dependabot.yml",
        ".yamllint.yml",
    )
)
"""Files whose name says that no reader knows them, so that a directory imports none for them."""
_PREFIX_MARKS = ("conda-meta", "pyvenv.cfg")


def readers(name: str) -> Iterator[Reader]:
    """Every reader of files: those whose pattern fits the name first, imported when asked for."""
    fitting = _fitting(name)
    others = [module for module in PATTERNS if module not in fitting]
    return (_reader(module) for module in (*fitting, *others))


@cache
def _reader(module: str) -> Reader:
    return cast("Reader", import_module(f"conda_preflight.readers.{module}"))


def _fitting(name: str) -> list[str]:
    base = name.rpartition("/")[2].lower()
    return [module for module, globs in PATTERNS.items() if _fits(base, globs)]


def _fits(base: str, globs: Iterable[str]) -> bool:
    return any(_is_like(base, glob) for glob in globs)


def _is_like(base: str, glob: str) -> bool:
    """Whether a name fits a pattern whose only sign is the star; no regular expression is made."""
    first, *rest = glob.split("*")
    if not rest:
        return base == first
    *middle, last = rest
    at, end = len(first), len(base) - len(last)
    if at > end or not (base.startswith(first) and base.endswith(last)):
        return False
    for part in middle:
        found = base.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True


def read_file(file: Path, name: str, root: Path | None = None) -> list[Document]:
    """The documents of one file that somebody named, its Source first, or an Unreadable."""
    try:
        source = open_source(file, name, root)
    except ReadError as error:
        return [_unreadable(name, error)]
    return _named(source)


def read_named(file: Path, kind: type, name: str = "") -> list[Document]:
    """The documents of a file that must hold one of a kind; raises UsageError where it does not.

    ``name`` is what they call it, where that is not its path.
    """
    what = kind.__name__.lower()
    if not file.is_file():
        raise UsageError(f"There is no file {file}", f"It must be a {what}.")
    documents = read_file(file, name or file.as_posix())
    if not any(isinstance(doc, kind) for doc in documents):
        why = next((doc.message for doc in documents if isinstance(doc, Unreadable)), "")
        raise UsageError(f"{file} is no {what}", why)
    return documents


def _named(source: Source) -> list[Document]:
    reader = _reader_for(source) or _by_pattern(source)
    if reader is None:
        error = ReadError("No reader knows this format", _KNOWN)
        return [source, _unreadable(source.path, error)]
    return [source, *_read(reader, source)]


def is_wanted(name: str, exclude: Iterable[str] = ()) -> bool:
    """Whether discovery in a directory would look into a file of this relative name."""
    return _is_looked_into(name) and is_walked(name, exclude)


def is_walked(name: str, exclude: Iterable[str] = ()) -> bool:
    """Whether discovery in a directory would come by a file of this relative name."""
    hidden = tuple(exclude)
    folders = name.split("/")[:-1]
    entered = all(_enters("/".join(folders[: end + 1]), hidden) for end in range(len(folders)))
    return entered and not any(fnmatchcase(name, p) for p in hidden)


def read_content(name: str, data: bytes, *, named: bool = False) -> list[Document]:
    """The documents in bytes that are no file here, as ``read_file`` and discovery give them.

    ``named`` says that somebody named them, so that a content nobody knows is told.
    """
    try:
        source = source_of(data, name)
    except ReadError as error:
        return [_unreadable(name, error)] if named or _is_sure(name) else []
    return _named(source) if named else _found(source)


def read_directory(root: Path, exclude: Iterable[str] = ()) -> list[Document]:
    """The documents of all files below a directory that a reader knows, by path."""
    found: list[Document] = []
    for count, (file, name) in enumerate(walk(root, tuple(exclude))):
        if count >= MAX_FILES:
            error = ReadError(f"Only the first {MAX_FILES} files here were looked at", _NARROWER)
            return [*found, _unreadable(".", error)]
        if _is_looked_into(name):
            found.extend(_discover(file, name, root))
    return found


def _discover(file: Path, name: str, root: Path) -> list[Document]:
    try:
        source = open_source(file, name, root)
    except ReadError as error:
        return [_unreadable(name, error)] if _is_sure(name) else []
    return _found(source)


def _found(source: Source) -> list[Document]:
    reader = _reader_for(source)
    return [source, *_read(reader, source)] if reader else []


def _is_looked_into(name: str) -> bool:
    return name.rpartition("/")[2] not in _OF_OTHER_TOOLS and bool(_fitting(name))


def _is_sure(name: str) -> bool:
    """Whether the name alone says that the file belongs to the audit."""
    base = name.rpartition("/")[2].lower()
    sure = ("environment*.y*ml", "*conda-lock*.yml", "pixi.lock", "pixi.toml", ".condarc")
    return any(fnmatchcase(base, pattern) for pattern in (*sure, "dockerfile*"))


def _reader_for(source: Source) -> Reader | None:
    return next((r for r in readers(source.path) if r.recognizes(source)), None)


def _by_pattern(source: Source) -> Reader | None:
    return next(map(_reader, _fitting(source.path)), None)


def _read(reader: Reader, source: Source) -> list[Document]:
    try:
        return list(reader.read(source))
    except ReadError as error:
        return [_unreadable(source.path, error)]


def _unreadable(name: str, error: ReadError) -> Unreadable:
    place = Location(name, error.line, error.column)
    return Unreadable(name, error.message, error.hint, place)


def walk(root: Path, exclude: tuple[str, ...]) -> Iterator[tuple[Path, str]]:
    """Files and their names relative to the root; prefixes and hidden folders are not entered."""
    for folder, folders, files in os.walk(root):
        here = os.path.relpath(folder, root).replace(os.sep, "/")
        lead = "" if here == "." else f"{here}/"
        if lead and any(mark in folders or mark in files for mark in _PREFIX_MARKS):
            folders.clear()
            continue
        folders[:] = sorted(f for f in folders if _enters(lead + f, exclude))
        for base in sorted(files):
            name = lead + base
            if not any(fnmatchcase(name, pattern) for pattern in exclude):
                yield Path(folder, base), name


def _enters(name: str, exclude: tuple[str, ...]) -> bool:
    base = name.rpartition("/")[2]
    if base in _NEVER_READ or name.count("/") >= MAX_DEPTH:
        return False
    if base.startswith(".") and base not in _HIDDEN_BUT_READ:
        return False
    return not any(fnmatchcase(name, p) or fnmatchcase(name + "/", p) for p in exclude)
