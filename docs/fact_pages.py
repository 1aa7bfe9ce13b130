"""The list of the tables of facts and of their sources, for its page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from conda_preflight.facts.table import FOLDER, Row, sources
from conda_preflight.facts.table import table as facts
from docs.markup import cell, code, table

_BARE = ("conda_needs", "conda_projects", "pip_needs", "sources")
"""Tables that are from one source as a whole, and the list of sources itself."""


def fact_tables() -> str:
    """One row for each table: what it has a row for, how many, and how sure they are."""
    head = ("Table", "Columns", "Rows", "How sure", "Sources")
    return table(head, map(_described, _names()))


def fact_sources() -> str:
    """Every source that tables name by a key."""
    used = Counter(key for name in _names() for row in facts(name) for key in _keys(row))
    rows = ((code(key), _linked(row), str(used[key])) for key, row in sorted(sources().items()))
    return table(("Source", "What it is", "Rows"), rows)


def _names() -> Iterator[str]:
    names = sorted(file.stem for file in FOLDER.glob("*.csv"))
    return (name for name in names if name not in _BARE)


def _described(name: str) -> tuple[str, ...]:
    rows = facts(name)
    columns = [column for column in rows[0] if column not in ("source", "status")]
    sure = Counter(row["status"] for row in rows)
    told = ", ".join(f"{count} {status}" for status, count in sure.most_common())
    keys = dict.fromkeys(key for row in rows for key in _keys(row))
    named = [code(key) for key in keys if "://" not in key]
    links = sum("://" in key for key in keys)
    named += [f"{links} address{'es' if links > 1 else ''}"] * bool(links)
    return code(name), cell(", ".join(columns)), str(len(rows)), told, ", ".join(named)


def _keys(row: Row) -> list[str]:
    return row["source"].split()


def _linked(row: Row) -> str:
    what = cell(row["what"])
    return f"[{what}]({row['url']})" if row["url"] else what
