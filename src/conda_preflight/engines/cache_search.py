"""What lies in a cache: each thing that can go as a whole, known by its name and its kind.

Nothing is followed and whatever is not known stays.
"""

from __future__ import annotations

import os
import pwd
import stat
from collections.abc import Iterator

from conda_preflight.cleaning import names
from conda_preflight.cleaning.found import (
    ARCHIVE,
    DOWNLOADS,
    INDEX,
    LEFTOVER,
    PACKAGE,
    Found,
    Part,
)
from conda_preflight.cleaning.places import PACKAGES, Cache

MAX_ENTRIES = 1_000_000


def things(cache: Cache) -> Iterator[Found]:
    """The things in a cache of packages or downloads, not weighed yet."""
    entries = listing(cache.path)
    if cache.holds == PACKAGES:
        yield from _packages(cache, entries)
    else:
        for entry in entries:
            is_known = names.is_downloads(cache.tool, entry.name)
            if is_known and entry.is_dir(follow_symlinks=False):
                yield from thing(DOWNLOADS, cache.tool, entry.path)


def _packages(cache: Cache, entries: list[os.DirEntry[str]]) -> Iterator[Found]:
    locks = {entry.name for entry in entries if entry.name.endswith(".lock")}
    for entry in entries:
        name, is_folder = entry.name, entry.is_dir(follow_symlinks=False)
        beside = [f"{entry.path}.lock"] if f"{name}.lock" in locks else []
        if entry.is_symlink():
            continue
        if not is_folder and names.is_archive(name):
            yield from thing(ARCHIVE, cache.tool, entry.path, *beside)
        elif is_folder and names.is_dist(name) and os.path.lexists(f"{entry.path}/info/index.json"):
            yield from thing(PACKAGE, cache.tool, entry.path, *beside)
        elif is_folder and name == "cache":
            files = [e for e in listing(entry.path) if names.is_index(e.name)]
            parts = [e.path for e in files if e.is_file(follow_symlinks=False)]
            yield from thing(INDEX, cache.tool, *parts, called=entry.path)
        elif (is_folder and name == ".trash") or name.endswith(".c~"):
            yield from thing(LEFTOVER, cache.tool, entry.path)


def thing(kind: str, tool: str, *paths: str, called: str = "") -> Iterator[Found]:
    """One thing of these parts, if they are there."""
    parts = [part for path in paths if (part := part_of(path))]
    if parts:
        yield Found(kind, tool, called or parts[0].path, tuple(parts), barred=_barred(parts))


def part_of(path: str) -> Part | None:
    """A file or folder as it is now; None where there is none."""
    try:
        found = os.lstat(path)
    except (OSError, ValueError):
        return None
    return Part(path, found.st_dev, found.st_ino, found.st_uid)


def listing(folder: str) -> list[os.DirEntry[str]]:
    """The entries of a folder by name; none where it cannot be read or is a link."""
    try:
        if not stat.S_ISDIR(os.lstat(folder).st_mode):
            return []
        with os.scandir(folder) as entries:
            return sorted((e for _, e in zip(range(MAX_ENTRIES), entries, strict=False)), key=_name)
    except OSError:
        return []


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


def _barred(parts: list[Part]) -> str:
    """Why this user cannot move it, as far as that can be told before."""
    user = os.geteuid()
    for part in parts:
        folder = os.path.dirname(part.path)  # noqa: PTH120  (one of very many)
        if part.owner != user and user:
            return f"it belongs to {_called(part.owner)}"
        if not os.access(folder, os.W_OK | os.X_OK, effective_ids=True):
            return f"{folder} cannot be written to"
    return ""


def _called(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"the user with number {user}"
