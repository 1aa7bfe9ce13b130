"""A root file system in a folder, as debootstrap makes one, as a layer to build on."""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Iterator
from pathlib import Path

from conda_preflight.oci.entries import FILE, FOLDER, LINK, Entry

_EMPTY = ("proc", "sys", "dev", "run", "tmp")
"""Folders of a running system, whose content is nobody's."""


def entries(root: Path) -> Iterator[Entry]:
    """Everything below a root with its owner and its mode; devices, pipes and sockets are not."""
    for here, folders, names in os.walk(root):
        lead = os.path.relpath(here, root)
        lead = "" if lead == "." else lead
        if lead in _EMPTY:
            folders.clear()
            continue
        for name in (*folders, *names):
            entry = _one(os.path.join(here, name), posixpath.join(lead, name))  # noqa: PTH118
            if entry:
                yield entry


def _one(file: str, path: str) -> Entry | None:
    found = os.lstat(file)
    mode = stat.S_IMODE(found.st_mode)
    if stat.S_ISLNK(found.st_mode):
        return Entry(path, LINK, 0o777, target=os.readlink(file))  # noqa: PTH115
    if stat.S_ISDIR(found.st_mode):
        return Entry(path, FOLDER, mode, uid=found.st_uid, gid=found.st_gid)
    if not stat.S_ISREG(found.st_mode):
        return None
    return Entry(path, FILE, mode, found.st_size, file, uid=found.st_uid, gid=found.st_gid)
