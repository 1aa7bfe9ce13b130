"""The files of a git revision that an audit reads, laid out in a folder that is gone afterwards."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from conda_preflight.code_folder import IMPORTABLE
from conda_preflight.errors import UsageError
from conda_preflight.git_index import git_directory, top_of
from conda_preflight.git_revision import Blob, has_revision, objects, read, tree
from conda_preflight.grammar import packaging_file, python_file
from conda_preflight.intake import MAX_FILES, is_walked, is_wanted
from conda_preflight.opening import MAX_BYTES
from conda_preflight.plain import document_type
from conda_preflight.solving import SNAPSHOT

_NAMES_ONLY = (".so", ".pyd")
_CODE = (*IMPORTABLE, *python_file.SUFFIXES, SNAPSHOT)


@document_type
class RevisionTree:
    """A folder with the files, and the paths of all files that the revision has there."""

    root: Path
    paths: frozenset[str]


@contextmanager
def revision_tree(folder: Path, revision: str, exclude: Iterable[str]) -> Iterator[RevisionTree]:
    """What a revision has below a folder, which is nothing where it does not have the folder.

    Links are left out. Nothing of the repository is run. Raises UsageError where git does not
    know the revision or lacks a file of it.
    """
    _refuse_unknown(folder, revision)
    is_there = bool(objects(folder, [f"{revision}:./"])[0])
    found = tree(folder, revision) if is_there else ()
    blobs = [each for each in found if _is_plain(each.path)]
    hidden = tuple(exclude)
    wanted = [each for each in blobs if each.size <= MAX_BYTES and _is_read(each.path, hidden)]
    if len(wanted) > MAX_FILES:
        raise UsageError(f"{revision} has too many files here", "Audit a smaller directory.")
    with tempfile.TemporaryDirectory(prefix="conda-preflight-revision-") as scratch:
        root = Path(scratch).resolve() / folder.resolve().name
        root.mkdir()
        _lay(root, wanted, folder)
        yield RevisionTree(root, frozenset(each.path for each in blobs))


def _lay(root: Path, blobs: list[Blob], folder: Path) -> None:
    full = [each for each in blobs if not each.path.endswith(_NAMES_ONLY)]
    contents = dict(zip((each.path for each in full), read(folder, full), strict=True))
    for each in blobs:
        file = root / each.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(contents.get(each.path, b""))


def _is_read(path: str, exclude: tuple[str, ...]) -> bool:
    code = path.endswith(_CODE) or path.rpartition("/")[2] in packaging_file.NAMES
    return is_wanted(path, exclude) or (code and is_walked(path, exclude))


def _is_plain(path: str) -> bool:
    """Whether a path leads to a file below the folder; a tree that was made by hand may lie."""
    parts = path.split("/")
    return not any(part in ("", ".", "..") or "\0" in part or os.sep in part for part in parts)


def _refuse_unknown(folder: Path, revision: str) -> None:
    if has_revision(folder, revision):
        return
    top = top_of(folder.resolve())
    git = git_directory(top) if top else None
    if git is None:
        raise UsageError("This directory is in no git repository", "--since compares with one.")
    hint = "Name a commit, a tag or a branch that this repository has."
    if (git / "shallow").is_file():
        hint = "This clone is shallow: fetch more of it, `git fetch --unshallow`, fetch-depth: 0."
    raise UsageError(f"git knows no revision {revision} here", hint)
