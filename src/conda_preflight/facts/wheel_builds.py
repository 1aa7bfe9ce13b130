"""Wheels of other frameworks: their CUDA, for which GPUs they have code, what they need."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from conda_preflight.documents.stack import Compiled
from conda_preflight.facts.compiled import compiled
from conda_preflight.facts.table import Row, address, table
from conda_preflight.facts.version_range import covers
from conda_preflight.plain import value_type


@value_type
class WheelBuild:
    """What is known of a release; an empty text is unknown."""

    cuda: str
    compiled: Compiled | None
    glibc: str
    driver: str
    capability: str
    cudnn: str
    source: str


def wheel_build(name: str, version: str) -> WheelBuild | None:
    """What the tables say of a release: a measured row first, completed by those of ranges.

    For which GPUs there is code is taken from another patch release where this one was not read.
    """
    known = _rows().get(name, ())
    rows = [row for row in known if covers(row["first"], row["last"], version)]
    if not rows:
        return None
    series = version.split(".")[:2]
    near = (row for row in known if row["first"].split(".")[:2] == series)
    code = next(filter(None, map(compiled, (*rows, *near))), None)
    source = next(filter(None, map(address, rows)), "")
    texts = {key: _first(rows, key) for key in _TEXTS}
    return WheelBuild(compiled=code, source=source, **texts)


_TEXTS = ("cuda", "glibc", "driver", "capability", "cudnn")


def _first(rows: list[Row], key: str) -> str:
    return next((row[key] for row in rows if row[key]), "")


@cache
def _rows() -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in _measured_first():
        found.setdefault(row["package"], []).append(row)
    return found


def _measured_first() -> Iterator[Row]:
    rows = table("wheel_builds")
    yield from (row for row in rows if row["status"] == "measured")
    yield from (row for row in rows if row["status"] != "measured")
