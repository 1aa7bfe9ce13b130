"""What a run moves away, written before it does: with it a run that was killed is finished.

A move is one rename, so that each thing is whole either where it was or in the trash; the disk
says which, and the journal only where to look.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from conda_preflight.errors import ReadError
from conda_preflight.plain import value_type

SCHEMA = "conda-preflight/trash/1"
FREED, KEPT = "freed", "kept"
"""Whether what is in the trash is deleted at once, or can be taken back until its day."""


@value_type
class Move:
    """One thing: where it was, where it is in the trash, and which one it is.

    ``kind`` and ``size`` are what was shown, ``registries`` the lists that named it.
    """

    source: str
    target: str
    device: int
    inode: int
    kind: str = ""
    size: int = 0
    registries: tuple[str, ...] = ()


@value_type
class Journal:
    """One run; ``made`` and ``expires`` are in seconds since 1970."""

    name: str
    state: str
    made: float
    expires: float
    moves: tuple[Move, ...]


def written(journal: Journal) -> str:
    """The journal as JSON in ASCII; names that are no UTF-8 are halves of surrogate pairs."""
    return json.dumps({"schema": SCHEMA, **asdict(journal)}, indent=1) + "\n"


def read(text: str) -> Journal:
    """The journal in a text; raises ReadError for anything else."""
    try:
        told: dict[str, Any] = json.loads(text)
        if told.pop("schema") != SCHEMA or told["state"] not in (FREED, KEPT):
            raise ReadError("This is no journal of conda-preflight clean")
        moves = tuple(_move(each) for each in told.pop("moves"))
        return Journal(
            name=str(told["name"]),
            state=told["state"],
            made=float(told["made"]),
            expires=float(told["expires"]),
            moves=moves,
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ReadError(f"This is no journal of conda-preflight clean: {error}") from None


def _move(told: dict[str, Any]) -> Move:
    return Move(
        source=str(told["source"]),
        target=str(told["target"]),
        device=int(told["device"]),
        inode=int(told["inode"]),
        kind=str(told["kind"]),
        size=int(told["size"]),
        registries=tuple(map(str, told["registries"])),
    )
