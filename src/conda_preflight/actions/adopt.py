"""Reads an existing environment, and the code beside it, for ``init --from``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from conda_preflight.adopting.found import Found, Key, Line
from conda_preflight.adopting.imports import Wish, declared, needed, wishes
from conda_preflight.adopting.of_manifest import of_manifest
from conda_preflight.adopting.of_prefix import of_prefix
from conda_preflight.adopting.of_requirements import of_requirements
from conda_preflight.documents import (
    Document,
    Location,
    Manifest,
    Prefix,
    Project,
    Requirements,
    Unreadable,
)
from conda_preflight.documents.code import Modules
from conda_preflight.errors import ReadError, Skip, UsageError
from conda_preflight.grammar.pyproject_requirements import Pyproject
from conda_preflight.grammar.toml_tree import load
from conda_preflight.importing.sources import Sources
from conda_preflight.intake import read_directory, read_named
from conda_preflight.opening import open_source
from conda_preflight.plain import document_type

_PYPROJECT = "pyproject.toml"


@document_type
class Taken:
    """What was found, where each package is imported, and lines that the code needs beside it.

    ``unread`` are sentences about what could not be read.
    """

    found: Found
    imported: Mapping[Key, str]
    new: tuple[Line, ...]
    unread: tuple[str, ...] = ()


def take(source: Path, project: Path) -> Taken:
    """Everything that is known of an environment; raises UsageError where it cannot be read.

    ``source`` is a prefix, a manifest, requirements, a pyproject.toml or a folder with one of
    them; code is looked for there if it is a folder of a project, else in ``project``.
    """
    if not source.exists():
        raise UsageError(f"There is no {source}", "Name a prefix, a folder or a file.")
    unread: list[Unreadable] = []
    prefix = _prefix(source, unread) if (source / "conda-meta").is_dir() else None
    found = of_prefix(prefix) if prefix else _found(source)
    folder = source if source.is_dir() and not prefix else project
    wanted = _wishes(found, prefix, folder, unread)
    imported, new = needed(found.lines, wanted)
    if not (found.asked or found.needs is not None or new or len(found.lines) > 1):
        what = "Name a prefix, an environment.yml, requirements.txt, pyproject.toml, or code."
        raise UsageError(f"Nothing in {source} tells what it needs", what)
    told = tuple(f"{each.path} could not be read: {each.message}" for each in unread)
    return Taken(found, imported, new, told)


def _prefix(folder: Path, unread: list[Unreadable]) -> Prefix:
    from conda_preflight.readers import prefix

    documents = prefix.read(folder, folder.name)
    unread += (doc for doc in documents if isinstance(doc, Unreadable))
    return next(doc for doc in documents if isinstance(doc, Prefix))


def _found(source: Path) -> Found:
    if source.is_dir():
        return _of_folder(source)
    if source.name == _PYPROJECT or source.suffix == ".toml":
        return _of_pyproject(source)
    try:
        return of_manifest(_only(read_named(source, Manifest), source))
    except UsageError:
        if not source.name.endswith(".txt"):
            raise
    documents = read_named(source, Requirements)
    return of_requirements(_requirements(documents).pip, "")


def _of_folder(folder: Path) -> Found:
    """The manifest of a folder, else its requirements, else nothing but its code."""
    documents = [doc for doc in read_directory(folder) if "/" not in str(getattr(doc, "path", ""))]
    manifests = [d for d in documents if isinstance(d, Manifest) and d.kind == "environment.yml"]
    if manifests:
        return of_manifest(_only(manifests, folder))
    if (folder / _PYPROJECT).is_file():
        return _of_pyproject(folder / _PYPROJECT)
    plain = [d for d in documents if isinstance(d, Requirements)]
    named = [d for d in plain if d.path == "requirements.txt"] or plain
    return of_requirements(named[0].pip if named else (), "")


def _of_pyproject(file: Path) -> Found:
    try:
        source = open_source(file, file.name)
        project = Pyproject(load(source.text), file.name)
        asked = project.dependencies()
    except ReadError as error:
        raise UsageError(f"{file}: {error.message}", error.hint) from None
    python, name = project.python(), project.name()
    found = of_requirements(asked, (python.version or "") if python else "")
    return replace(found, name=name.text if name else "")


def _only(documents: Sequence[Document], source: Path) -> Manifest:
    found = [doc for doc in documents if isinstance(doc, Manifest)]
    if len(found) != 1:
        names = ", ".join(sorted({doc.path for doc in found})[:5])
        raise UsageError(f"{source} has {len(found)} manifests: {names}", "Name one: --from FILE.")
    return found[0]


def _requirements(documents: Sequence[Document]) -> Requirements:
    return next(doc for doc in documents if isinstance(doc, Requirements))


def _modules(prefix: Prefix | None) -> Modules | None:
    """Who owns which module of an installed environment."""
    if prefix is None:
        return None
    from conda_preflight.grammar.module_index import index
    from conda_preflight.readers import inventory

    return index(inventory.read(Path(prefix.root), prefix.path))


def _wishes(
    found: Found, prefix: Prefix | None, folder: Path, unread: list[Unreadable]
) -> tuple[Wish, ...]:
    """What the code of a folder imports that is not its own; nothing where it has no code."""
    from conda_preflight import code_folder

    if not folder.is_dir():
        return ()
    code = code_folder.read(folder)
    unread += code.unread
    documents: list[Document] = [declared(found), *([prefix] if prefix else [])]
    project = Project(".", Location("."), tuple(documents), name=folder.resolve().name)
    try:
        return wishes(project, Sources(lambda: code, lambda: _modules(prefix)))
    except Skip:
        return ()
