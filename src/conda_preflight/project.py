"""Reads one project: from a path and settings to the documents that are audited."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from conda_preflight.config import Settings
from conda_preflight.documents import Document, Host, Location, Lock, Manifest, Project
from conda_preflight.errors import UsageError
from conda_preflight.git_index import tracked
from conda_preflight.intake import read_directory, read_file, read_named
from conda_preflight.pairing import pair
from conda_preflight.prefix_names import prefix_names


def open_project(
    path: Path, settings: Settings, prefixes: Iterable[Path] = (), home: Path | None = None
) -> Project:
    """All documents of a directory, a single file or a prefix, paired.

    ``home`` is where the project is, when a copy of it is read. Raises UsageError when the path is
    not there or a named file is not what it must be.
    """
    documents = _documents(path, settings)
    for prefix, name in prefix_names(prefixes).items():
        documents.extend(_prefix(prefix, name))
    return completed(path, documents, settings, home)


def completed(
    path: Path, documents: list[Document], settings: Settings, home: Path | None = None
) -> Project:
    """A project of documents that are read, with what the settings name beside them, paired.

    Raises UsageError when a named file is not what it must be.
    """
    root = path if path.is_dir() else path.parent
    if settings.targets:
        from conda_preflight.target_sheets import hosts

        named = _not_read(settings.targets, documents, root)
        documents.extend(hosts(named, settings.target, _places(home or root, settings)))
    if settings.model.file or settings.model.parameters:
        from conda_preflight.model_files import model

        documents.append(model(settings.model))
    documents = _only(documents, Manifest, settings.manifest, root)
    documents = _only(documents, Lock, settings.lock, root)
    manifests = [doc for doc in documents if isinstance(doc, Manifest)]
    locks = [doc for doc in documents if isinstance(doc, Lock)]
    forced = bool(settings.manifest or settings.lock)
    pairs = tuple((m, x) for x in locks for m in manifests) if forced else pair(manifests, locks)
    return Project(
        path=path.name if path.is_file() else ".",
        location=Location(path.name if path.is_file() else "."),
        documents=tuple(documents),
        pairs=pairs,
        tracked=tracked(root),
        platforms=settings.platforms,
        name=path.resolve().name,
    )


def _documents(path: Path, settings: Settings) -> list[Document]:
    if not path.exists():
        raise UsageError(f"There is no {path}", "Name a project directory, a file or a prefix.")
    if not path.is_dir():
        return read_file(path, path.name)
    if (path / "conda-meta").is_dir():
        return _prefix(path, path.name)
    return read_directory(path, settings.exclude)


def _prefix(path: Path, name: str) -> list[Document]:
    from conda_preflight.readers import prefix

    if not (path / "conda-meta").is_dir():
        raise UsageError(f"{path} is no conda prefix", "A prefix has a folder conda-meta.")
    return prefix.read(path, name)


def _places(root: Path, settings: Settings) -> list[Path]:
    """Where a file lies that has the same path on every machine."""
    beside = [Path(settings.file).parent.resolve()] if settings.file else []
    return [root.resolve(), *beside]


def _not_read(targets: tuple[str, ...], documents: list[Document], root: Path) -> tuple[str, ...]:
    """The targets without files that were found below the directory, which are judged anyway."""
    found = {(root / doc.path).resolve() for doc in documents if isinstance(doc, Host)}
    return tuple(each for each in targets if Path(each).resolve() not in found)


def _only(documents: list[Document], kind: type, file: str, root: Path) -> list[Document]:
    """With a file named for a kind, the documents of that kind are the ones of that file."""
    if not file:
        return documents
    named = read_named(Path(file), kind)
    inside = Path(file).resolve()
    base = root.resolve()
    name = inside.relative_to(base).as_posix() if inside.is_relative_to(base) else ""
    if name and any(doc.path == name for doc in documents):
        return [doc for doc in documents if not isinstance(doc, kind) or doc.path == name]
    return [*(doc for doc in documents if not isinstance(doc, kind)), *named]
