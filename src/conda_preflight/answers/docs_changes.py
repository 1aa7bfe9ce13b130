"""What is not true of a section any more, line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from conda_preflight.grammar.section_cells import Cell, cells


def changes(path: str, first: int, old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """A sentence for each cell of a table and each other line that differs.

    ``first`` is the number of the first old line in the file at ``path``.
    """
    lead = f"{path}:"
    was, now = _by_label(old, first), _by_label(new, first)
    end = first + len(old)
    for key, cell in was.items():
        if key not in now:
            yield f"{lead}{cell.line}: {cell.label} is not there any more, was {_shown(cell.text)}"
        else:
            yield from _cell(lead, cell, now[key])
    for key, cell in now.items():
        if key not in was:
            yield f"{lead}{end}: {cell.label} is missing, is {_shown(cell.text)}"
    yield from _prose(lead, first, old, new)


def _cell(lead: str, was: Cell, now: Cell) -> Iterator[str]:
    """The columns that differ; of a table with several their heads are named."""
    several = len(was.texts) > 1
    for number, (before, after) in enumerate(zip_longest(was.texts, now.texts, fillvalue="")):
        if before != after:
            head = "".join(now.heads[number : number + 1])
            name = f"{was.label}, {head}" if several and head else was.label
            yield f"{lead}{was.line}: {name}: was {_shown(before)}, is {_shown(after)}"


def _prose(lead: str, line: int, old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """Lines that are no rows of a table."""
    before = [(at, row) for at, row in enumerate(old, line) if _is_told(row)]
    after = [row for row in new if _is_told(row)]
    kept = {row for _, row in before}
    for at, row in before:
        if row not in after:
            yield f"{lead}{at}: is to go: {row.strip()}"
    for row in after:
        if row not in kept:
            yield f"{lead}{line + len(old)}: is missing: {row.strip()}"


def _is_told(row: str) -> bool:
    return bool(row.strip()) and not row.lstrip().startswith("|")


def _by_label(rows: Sequence[str], line: int) -> dict[tuple[str, str, int], Cell]:
    """The cells by their table's last head, their label and how often it stood before."""
    found: dict[tuple[str, str, int], Cell] = {}
    counts: Counter[tuple[str, str]] = Counter()
    for cell in cells(rows, line):
        key = "".join(cell.heads[-1:]), cell.label
        found[*key, counts[key]] = cell
        counts[key] += 1
    return found


def _shown(text: str) -> str:
    return text or "nothing"
