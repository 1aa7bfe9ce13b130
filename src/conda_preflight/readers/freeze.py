"""How a prefix is frozen: the marks in it, its write bits, and the record of the freeze."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

from conda_preflight.documents.freeze import Freeze
from conda_preflight.documents.tree import Tree
from conda_preflight.engines.tree_walk import walk
from conda_preflight.errors import ReadError
from conda_preflight.freezing import marks, record
from conda_preflight.freezing.record import WRITE, Record
from conda_preflight.freezing.since import since
from conda_preflight.prefix_folder import PrefixFolder

MAX_CHANGED = 10_000


def read(directory: Path) -> Freeze:
    """The freeze of a prefix; never raises."""
    folder = PrefixFolder(directory)
    libraries = folder.libraries()
    unmanaged = [each for each in libraries if not (each / marks.MANAGED).is_file()]
    tree = walk(str(directory))
    writable = [path for path in _writable(tree) if path != marks.RECORD]
    found, fault = _record(directory / marks.RECORD)
    changed = _changed(found, tree, folder) if found else []
    return Freeze(
        tuple(folder.place(each) for each in libraries),
        tuple(folder.place(each) for each in unmanaged),
        marks.holds_pip(folder.text(directory / marks.PIP)),
        len(writable),
        min(writable, default=""),
        found.kind if found else "",
        fault,
        tuple(changed[:MAX_CHANGED]),
    )


def _writable(tree: Tree) -> Iterator[str]:
    for path, mode in zip(tree.paths, tree.modes, strict=True):
        if mode & WRITE and not stat.S_ISLNK(mode):
            yield path


def _record(file: Path) -> tuple[Record | None, str]:
    """The record, or why it cannot be read; both empty where there is none."""
    try:
        found = file.lstat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > record.MAX_BYTES:
            return None, "The record of the freeze is no file that can be read"
        return record.parse(file.read_bytes()), ""
    except FileNotFoundError:
        return None, ""
    except ReadError as error:
        return None, error.message
    except OSError as error:
        return None, f"The record of the freeze cannot be read: {error.strerror}"


def _changed(found: Record, tree: Tree, folder: PrefixFolder) -> list[tuple[str, str]]:
    every = list(since(found, tree))
    for mark in found.marks:
        text = folder.text(folder.root / mark.path)
        if text != mark.data:
            every.append((mark.path, "altered" if text else "gone"))
    return sorted(every)
