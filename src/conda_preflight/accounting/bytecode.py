"""Which compiled files of a prefix stand for a source that must be theirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from conda_preflight.accounting.claims import Claims

CACHE = "/__pycache__/"
_OPTIMIZED = {"opt-1": 1, "opt-2": 2}


class Compiled(NamedTuple):
    """A compiled file and its source, by their places in a tree, and how it was optimized."""

    place: int
    source: int
    optimize: int


def compiled(index: Mapping[str, int], claims: Claims, python: str) -> Iterator[Compiled]:
    """The files that Python would load in place of a source, those with a digest left out."""
    tag = f"cpython-{''.join(python.split('.')[:2])}"
    for path, place in index.items():
        if not path.endswith(".pyc") or CACHE not in path:
            continue
        claim = claims.first.get(path)
        source, optimize = _source(path, tag)
        if source in index and not (claim and claim[1].digest):
            yield Compiled(place, index[source], optimize)


def _source(path: str, tag: str) -> tuple[str, int]:
    """The source of ``x/__pycache__/y.cpython-311.opt-1.pyc``; empty for another Python's."""
    folder, _, name = path.rpartition(CACHE)
    stem, _, rest = name.removesuffix(".pyc").partition(f".{tag}")
    known = rest == "" or rest.removeprefix(".") in _OPTIMIZED
    if "/" in name or not known or stem + f".{tag}" not in name:
        return "", 0
    return f"{folder}/{stem}.py", _OPTIMIZED.get(rest.removeprefix("."), 0)


def is_left_of(path: str, index: Mapping[str, int]) -> bool:
    """Whether a file in a ``__pycache__`` was made from a source that is here."""
    folder, _, name = path.rpartition(CACHE)
    parts = name.split(".")
    stems = (".".join(parts[:end]) for end in range(1, len(parts)))
    return any(f"{folder}/{stem}.py" in index for stem in stems)
