"""What a freeze does to a prefix, written before it is done, so that all of it can be undone."""

from __future__ import annotations

import base64
import binascii
import json
import stat
from collections.abc import Mapping
from dataclasses import field
from typing import Any, NamedTuple

from conda_preflight.errors import ReadError
from conda_preflight.freezing.marks import FROZEN, MANAGED, PINNED, PIP
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import document_type

SCHEMA = "conda-preflight/freeze/1"
MAX_BYTES = 256 << 20
WRITE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
CONTAINER, SHARED = "container", "shared"
KINDS = (CONTAINER, SHARED)
_LIBRARY = lazy_pattern(rf"(?:lib/(?:python|pypy)[\w.]{{1,20}}|Lib)/{MANAGED}")


@document_type
class Before:
    """A file that stood where a mark was put; ``link`` is its target where it was one."""

    data: bytes
    mode: int
    mtime: int
    owner: tuple[int, int]
    link: str = ""


@document_type
class Mark:
    """One file that is put into the prefix, with what was there before."""

    path: str
    data: bytes
    before: Before | None = None


class State(NamedTuple):
    """One path at the moment of the freeze; ``taken`` are the bits of its mode that go.

    ``mtime`` is in nanoseconds; of a folder size and mtime are 0, of a link ``link`` is its
    target.
    """

    taken: int
    size: int
    mtime: int
    link: str = ""


@document_type
class Record:
    """A freeze: for which use, the marks, every path, and times of folders that marks change.

    ``copied`` are files that were hard links to other places and became copies; ``shared`` counts
    those that stayed links, and so are left writable.
    """

    kind: str
    message: str
    marks: tuple[Mark, ...]
    states: Mapping[str, State] = field(default_factory=dict)
    times: Mapping[str, int] = field(default_factory=dict)
    shared: int = 0
    copied: tuple[str, ...] = ()


def write(record: Record) -> bytes:
    """The record as JSON, the same bytes for the same record."""
    whole = {
        "schema": SCHEMA,
        "for": record.kind,
        "message": record.message,
        "marks": [_mark_row(mark) for mark in record.marks],
        "times": dict(record.times),
        "shared": record.shared,
        "copied": list(record.copied),
        "paths": {path: list(state) for path, state in record.states.items()},
    }
    return json.dumps(whole, indent=0, sort_keys=True).encode() + b"\n"


def _mark_row(mark: Mark) -> dict[str, object]:
    row: dict[str, object] = {"path": mark.path, "data": _text(mark.data)}
    if before := mark.before:
        row["before"] = {
            "data": _text(before.data),
            "mode": before.mode,
            "mtime": before.mtime,
            "owner": list(before.owner),
            "link": before.link,
        }
    return row


def parse(data: bytes) -> Record:
    """The record; raises ReadError for what no freeze writes."""
    try:
        found = json.loads(data)
        if found["schema"] != SCHEMA or found["for"] not in KINDS:
            raise ReadError("The record of the freeze is of a form that is not known")
        return Record(
            found["for"],
            str(found["message"]),
            tuple(_mark(row) for row in found["marks"]),
            {path: _state(row) for path, row in found["paths"].items()},
            {_inside(path): int(time) for path, time in found["times"].items()},
            int(found["shared"]),
            tuple(_inside(path) for path in found.get("copied", ())),
        )
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, binascii.Error):
        raise ReadError("The record of the freeze cannot be read") from None


def is_mark(path: str) -> bool:
    """Whether a path is one of those that a freeze writes."""
    return path in (FROZEN, PINNED, PIP) or bool(_LIBRARY.fullmatch(path))


def _mark(row: Mapping[str, Any]) -> Mark:
    path = str(row["path"])
    if not is_mark(path):
        raise ValueError(path)
    return Mark(path, _data(row["data"]), _before(row["before"]) if "before" in row else None)


def _before(row: Mapping[str, Any]) -> Before:
    user, group = row["owner"]
    mode = int(row["mode"]) & 0o777
    owner = int(user), int(group)
    return Before(_data(row["data"]), mode, int(row["mtime"]), owner, str(row["link"]))


def _state(row: list[Any]) -> State:
    taken, size, mtime, link = row
    return State(int(taken) & WRITE, int(size), int(mtime), str(link))


def _inside(path: str) -> str:
    if path.startswith("/") or ".." in path.split("/"):
        raise ValueError(path)
    return path


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _data(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
