"""Tables of facts: each row says where it is from and how sure it is, or it is refused.

A table is a CSV file beside this module; among its columns are ``source``, with addresses or keys
of ``sources.csv`` and blanks between, and ``status``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "tables"
STATUSES = frozenset(("verified", "measured", "documented", "derived", "unverified"))
"""How sure a row is: read at its source, read out of the files themselves, described there,
concluded from others, or not confirmed."""

Row = Mapping[str, str]


@cache
def sources() -> Mapping[str, Row]:
    """Every source by its key: ``what`` it is, and its ``url`` where it has one."""
    return {row["key"]: row for row in _read(FOLDER / "sources.csv")}


@cache
def table(name: str) -> tuple[Row, ...]:
    """The rows of a table, in its order.

    Raises ValueError for a row without a known source or status, with its place.
    """
    return checked(FOLDER / f"{name}.csv", sources())


def address(row: Row) -> str:
    """The first address among the sources of a row, empty where none has one."""
    keys = row["source"].split()
    known = (key if "://" in key else sources()[key]["url"] for key in keys)
    return next(filter(None, known), "")


def checked(file: Path, known: Mapping[str, Row]) -> tuple[Row, ...]:
    """The rows of a file whose sources are among the known ones; raises ValueError."""
    rows = _read(file)
    for line, row in enumerate(rows, 2):
        if None in (*row, *row.values()):
            raise ValueError(f"{file.name}:{line}: another number of columns")
        keys = (row.get("source") or "").split()
        missing = [key for key in keys if key not in known and not key.startswith("https://")]
        if not keys or missing:
            raise ValueError(f"{file.name}:{line}: no known source: {' '.join(missing) or 'none'}")
        if row.get("status") not in STATUSES:
            raise ValueError(f"{file.name}:{line}: no known status: {row.get('status')!r}")
    return rows


def _read(file: Path) -> tuple[Row, ...]:
    import csv

    with file.open(encoding="utf-8", newline="") as stream:
        return tuple(csv.DictReader(stream))
