"""Digests kept from the last verification of a prefix, and what it found.

A digest is believed only for the same path, inode, size and times, and only where it was
computed two seconds or more after both times: a file that changes within one tick of the
clock would look the same.
"""

from __future__ import annotations

import hashlib
import json
import os
from array import array
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from conda_preflight.documents.tree import Tree
from conda_preflight.plain import document_type

VERSION = 5
TICK = 2_000_000_000
_MAGIC = b"conda-preflight digests\n"
_DIGEST = 32
_COLUMNS = (("L", "modes"), ("q", "sizes"), ("Q", "inodes"), ("q", "mtimes"), ("q", "ctimes"))


@document_type
class Kept:
    """A tree as it was, the digest of each file (zeros for none), when that was, what was found.

    ``taken`` is in nanoseconds since 1970; ``results`` are by level.
    """

    tree: Tree
    digests: bytes
    taken: int
    results: Mapping[str, Any] = field(default_factory=dict)

    def is_same(self, tree: Tree) -> bool:
        """Whether nothing at all has changed since, as far as the file system tells."""
        return self.tree.paths == tree.paths and all(
            getattr(self.tree, name) == getattr(tree, name) for _, name in _COLUMNS
        )

    def is_settled(self, tree: Tree) -> bool:
        """Whether every file was older than the digests when they were taken."""
        latest = max((max(c, default=0) for c in (tree.mtimes, tree.ctimes)), default=0)
        return latest < self.taken - TICK

    def of(self, tree: Tree, index: Mapping[str, int]) -> dict[int, bytes]:
        """The digests that still hold, by the places of a newer tree."""
        old, found = self.tree, {}
        for was, path in enumerate(old.paths):
            now = index.get(path)
            digest = self.digests[was * _DIGEST : (was + 1) * _DIGEST]
            if now is None or digest == _NONE:
                continue
            same = all(getattr(old, n)[was] == getattr(tree, n)[now] for _, n in _COLUMNS[1:])
            if same and max(old.mtimes[was], old.ctimes[was]) < self.taken - TICK:
                found[now] = digest
        return found


_NONE = bytes(_DIGEST)


def load(file: Path) -> Kept | None:
    """What was kept; None where there is nothing, or nothing whole."""
    try:
        data = file.read_bytes()
    except OSError:
        return None
    body, digest = data[:-_DIGEST], data[-_DIGEST:]
    if not body.startswith(_MAGIC) or hashlib.sha256(body).digest() != digest:
        return None
    return _unpack(body[len(_MAGIC) :])


def store(file: Path, kept: Kept) -> None:
    """Keep it; where that cannot be done the next verification takes longer, no more."""
    body = _MAGIC + _pack(kept)
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = file.with_name(f"{file.name}.{os.getpid()}")
        draft.write_bytes(body + hashlib.sha256(body).digest())
        draft.replace(file)
    except OSError:
        return


def _pack(kept: Kept) -> bytes:
    tree = kept.tree
    paths = os.fsencode("\0".join(tree.paths))
    head = {
        "version": VERSION,
        "taken": kept.taken,
        "count": len(tree.paths),
        "paths": len(paths),
        "closed": dict(tree.closed),
        "results": kept.results,
    }
    first = json.dumps(head).encode()
    columns = (getattr(tree, name).tobytes() for _, name in _COLUMNS)
    return b"".join([len(first).to_bytes(8, "little"), first, paths, *columns, kept.digests])


def _unpack(body: bytes) -> Kept | None:
    size = int.from_bytes(body[:8], "little")
    head = json.loads(body[8 : 8 + size])
    if head.get("version") != VERSION:
        return None
    at, count = 8 + size, head["count"]
    text = os.fsdecode(body[at : at + head["paths"]])
    at += head["paths"]
    columns: dict[str, Any] = {}
    for code, name in _COLUMNS:
        column = array(code)
        end = at + count * column.itemsize
        column.frombytes(body[at:end])
        columns[name], at = column, end
    paths = text.split("\0") if count else []
    tree = Tree(paths, **columns, closed=head["closed"])
    return Kept(tree, body[at:], head["taken"], head["results"])
