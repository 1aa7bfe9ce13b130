"""Compares two prefixes byte for byte: what differs, and for which cause.

Both paths have the same length, so that a path inside a file, also inside a binary one or in
bytecode, stands at the same place in both.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import field
from pathlib import Path

from conda_preflight.plain import document_type
from conda_preflight.rebuilding import causes
from conda_preflight.rebuilding.contents import OTHER, PREFIX, SAME, first_difference, likeness
from conda_preflight.rebuilding.outcome import Comparison, Unexplained

MAX_SHOWN = 1_000
_KINDS = {stat.S_IFREG: "a file", stat.S_IFLNK: "a link", stat.S_IFDIR: "a folder"}


@document_type
class _Found:
    """Differences so far; ``lists`` wait until it is known which of their files differ."""

    explained: dict[str, list[str]] = field(default_factory=dict)
    unexplained: list[Unexplained] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)

    def because(self, cause: str, path: str) -> None:
        self.explained.setdefault(cause, []).append(path)

    def without_cause(self, path: str, what: str) -> None:
        self.unexplained.append(Unexplained(path, what))


def compare(first: Path, second: Path) -> Comparison:
    """What differs between two trees; modes and links count, times do not.

    Raises OSError when a tree cannot be read, ValueError for paths of different length.
    """
    prefixes = os.fsencode(first), os.fsencode(second)
    if len(prefixes[0]) != len(prefixes[1]):
        raise ValueError("the paths of the two prefixes must have one length")
    left, right = set(entries(first)), set(entries(second))
    found = _Found()
    for path in sorted(left ^ right):
        found.without_cause(path, f"is in the {'first' if path in left else 'second'} only")
    for path in sorted(left & right):
        _look(path, first, second, prefixes, found)
    known = {path for paths in found.explained.values() for path in paths}
    for path in found.lists:
        cause = causes.of_list(path, first / path, second / path, prefixes, known)
        _file(cause, path, first / path, second / path, found)
    explained = {cause: tuple(paths) for cause, paths in sorted(found.explained.items())}
    unexplained = sorted(found.unexplained, key=lambda each: each.path)
    return Comparison(len(left | right), explained, tuple(unexplained))


def entries(root: Path) -> Iterator[str]:
    """Everything below a directory, by path in it; links are not followed."""
    for folder, folders, files in os.walk(root, onerror=_raise):
        lead = os.path.relpath(folder, root)
        for name in (*folders, *files):
            yield name if lead == "." else f"{lead}/{name}"


def _raise(error: OSError) -> None:
    raise error


def _look(
    path: str, first: Path, second: Path, prefixes: tuple[bytes, bytes], found: _Found
) -> None:
    a, b = first / path, second / path
    one, two = a.lstat(), b.lstat()
    kind = stat.S_IFMT(one.st_mode)
    if kind != stat.S_IFMT(two.st_mode):
        found.without_cause(path, f"is {_kind(one.st_mode)} and then {_kind(two.st_mode)}")
    elif stat.S_IMODE(one.st_mode) != stat.S_IMODE(two.st_mode):
        modes = f"{stat.S_IMODE(one.st_mode):o} and then {stat.S_IMODE(two.st_mode):o}"
        found.without_cause(path, f"has mode {modes}")
    elif kind == stat.S_IFLNK:
        _look_at_links(path, a, b, prefixes, found)
    elif kind == stat.S_IFREG:
        _look_at_files(path, a, b, prefixes, found)
    elif kind != stat.S_IFDIR:
        found.without_cause(path, "is neither file, link nor folder")


def _look_at_links(
    path: str, a: Path, b: Path, prefixes: tuple[bytes, bytes], found: _Found
) -> None:
    one, two = os.fsencode(a.readlink()), os.fsencode(b.readlink())
    if one.replace(*prefixes) != two:
        found.without_cause(path, "links to different places")
    elif one != two:
        found.because(causes.LINK, path)


def _look_at_files(
    path: str, a: Path, b: Path, prefixes: tuple[bytes, bytes], found: _Found
) -> None:
    like = likeness(a, b, *prefixes)
    if like == PREFIX:
        found.because(causes.PREFIX, path)
    elif like == OTHER and causes.is_list(path):
        found.lists.append(path)
    elif like != SAME:
        _file(causes.at_once(path, a, b, *prefixes), path, a, b, found)


def _file(cause: str, path: str, a: Path, b: Path, found: _Found) -> None:
    if cause:
        found.because(cause, path)
    else:
        at = first_difference(a, b)
        found.without_cause(path, f"differs from byte {at} on")


def _kind(mode: int) -> str:
    return _KINDS.get(stat.S_IFMT(mode), "something else")
