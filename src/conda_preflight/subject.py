"""Opens what ``why`` and ``diff`` look at: a path, or a revision of git's."""

from __future__ import annotations

import posixpath
from pathlib import Path

from conda_preflight.config import Settings, settings
from conda_preflight.documents import Document
from conda_preflight.errors import UsageError
from conda_preflight.selection import HERE, Choice, Subject, below, select


def open_subject(text: str, choice: Choice, beside: str = "") -> Subject:
    """The subject that a person named; ``beside`` is the other one, whose path a revision takes.

    A path that is there comes first, then ``REVISION:path``, then a revision alone. Raises
    UsageError when it is none of these, cannot be read, or holds several to choose from.
    """
    path = Path(text)
    if path.exists():
        name = HERE if text == "." else text
        where = f" in {text}" if path.is_dir() and text != "." else ""
        return select(name, _documents(path, choice), choice, path, where=where)
    revision, colon, inside = text.partition(":")
    if colon and inside:
        return select(f"{inside} at {revision or 'the index'}", _blob(text), choice)
    folder = Path(beside) if beside and Path(beside).exists() else Path()
    return _revision(revision, folder, choice)


def _revision(revision: str, path: Path, choice: Choice) -> Subject:
    from conda_preflight.git_revision import has_revision

    folder = path if path.is_dir() else path.parent
    if not has_revision(folder, revision):
        hint = "Name a file, a directory, a prefix, a git revision, or REVISION:path."
        raise UsageError(f"{revision} is neither a path here nor a git revision", hint)
    if path.is_file():
        return select(f"{path} at {revision}", _blob(f"{revision}:./{path.name}", folder), choice)
    where = f" at {revision}" if path == Path() else f" in {path} at {revision}"
    name = f"{HERE if path == Path() else path} at {revision}"
    return select(name, _tree(folder, revision), choice, where=where)


def _documents(path: Path, choice: Choice) -> list[Document]:
    """What a path holds, and the named files that lie elsewhere."""
    from conda_preflight.intake import read_file
    from conda_preflight.project import open_project

    read = settings(path if path.is_dir() else path.parent)
    found = list(open_project(path, Settings(exclude=read.exclude)).documents)
    for named in filter(None, (choice.lock, choice.manifest)):
        if Path(named).is_file() and below(path, named) not in {doc.path for doc in found}:
            found.extend(read_file(Path(named), below(path, named)))
    return found


def _blob(text: str, folder: Path = Path()) -> list[Document]:
    from conda_preflight.git_revision import blob
    from conda_preflight.intake import read_content

    revision, _, path = text.partition(":")
    return read_content(posixpath.normpath(path), blob(folder, revision, path), named=True)


def _tree(folder: Path, revision: str) -> list[Document]:
    from conda_preflight.git_revision import read, tree
    from conda_preflight.intake import MAX_FILES, is_wanted, read_content

    exclude = settings(folder).exclude
    blobs = [each for each in tree(folder, revision) if is_wanted(each.path, exclude)]
    if len(blobs) > MAX_FILES:
        raise UsageError(f"{revision} has too many files here", "Name one: REVISION:path.")
    contents = zip(blobs, read(folder, blobs), strict=True)
    return [doc for each, data in contents for doc in read_content(each.path, data)]
