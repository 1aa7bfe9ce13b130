"""The code cells of a Jupyter notebook, without the lines that only IPython understands.

Sources: the nbformat specification (versions 3 and 4) and IPython's documentation of magics.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from conda_preflight.errors import ReadError
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import document_type

MAX_CELLS = 5_000
MAX_MISSES = 20
_STILL_PYTHON = ("time", "timeit", "capture", "prun", "memit", "mprun", "lprun", "heat", "px")
_MAGIC = lazy_pattern(r"([ \t]*)(?:%|!|\?|/[A-Za-z])")
_ASSIGNED = lazy_pattern(r"[ \t]*[A-Za-z_][\w, \t]*=[ \t]*[!%]")
_HELP = lazy_pattern(r"[ \t]*[\w.*]+\?{1,2}[ \t]*$")
_COMMAND = lazy_pattern(r"[ \t]*[!%]{1,2}[ \t]*((?:sudo[ \t]+)?(?:\S*/)?[A-Za-z][\w.-]*\b.*)")
_NO_NOTEBOOK = "It is no notebook: no JSON with cells"


@document_type
class Cell:
    """One code cell: its Python, its shell commands with their rows, where it begins in the file.

    ``number`` counts the code cells and ``line`` the lines of the file, both from 1. ``raw`` is
    the cell as written, empty for another language; magics stand as ``pass`` in ``text``, so
    that its rows are those of the cell. ``spread`` is true where each row of the cell is a
    line of the file of its own, as Jupyter writes it.
    """

    number: int
    raw: str
    text: str
    line: int
    spread: bool
    commands: tuple[tuple[int, str], ...] = ()

    def at(self, row: int) -> int:
        """The line of the file for a row of the cell that counts from 1."""
        return self.line + row - 1 if self.spread else self.line


def cells(text: str) -> Iterator[Cell]:
    """The code cells of a Python notebook, none of another language's; raises ReadError.

    Cells of a magic for another language (``%%bash``, ``%%html``) have no text.
    """
    found = _load(text)
    if _language(found) not in ("", "python", "python2", "python3", "ipython"):
        return
    lines, number = _Lines(text), 0
    for cell in _all(found)[:MAX_CELLS]:
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            continue
        number += 1
        rows = _rows(cell.get("source", cell.get("input", "")))
        line, spread = lines.place(rows)
        yield _cell(number, rows, line, spread=spread)


def _load(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise ReadError(_NO_NOTEBOOK) from None
    if not isinstance(found, dict):
        raise ReadError(_NO_NOTEBOOK)
    return found


def _all(notebook: dict[str, Any]) -> list[Any]:
    """The cells of version 4, or those of the worksheets of version 3."""
    found = notebook.get("cells")
    if isinstance(found, list):
        return found
    sheets = notebook.get("worksheets")
    if not isinstance(sheets, list):
        raise ReadError(_NO_NOTEBOOK)
    lists = (s.get("cells") for s in sheets if isinstance(s, dict))
    return [cell for each in lists if isinstance(each, list) for cell in each]


def _language(notebook: dict[str, Any]) -> str:
    about = notebook.get("metadata")
    for table, key in (("language_info", "name"), ("kernelspec", "language")):
        part = about.get(table) if isinstance(about, dict) else None
        if isinstance(part, dict) and isinstance(part.get(key), str):
            return str(part[key]).lower()
    return ""


def _rows(source: object) -> list[str]:
    parts = source if isinstance(source, list) else [source]
    whole = "".join(part for part in parts if isinstance(part, str))
    return whole.encode("utf-8", "replace").decode().split("\n")


class _Lines:
    """Finds cell after cell in the file, each search from where the last one ended."""

    def __init__(self, text: str) -> None:
        self._text, self._at, self._line, self._misses = text, 0, 1, 0

    def place(self, rows: list[str]) -> tuple[int, bool]:
        """The line of the file where a cell begins, and whether each row is a line there."""
        first = next((row for row in rows if row.strip()), "")
        found = first and self._misses < MAX_MISSES and self._find(first)
        if not found:
            self._misses += bool(first)
            return self._line, False
        at, length = found
        self._line += self._text.count("\n", self._at, at)
        self._at = at
        spread = len(rows) == 1 or "\n" in self._text[at + length : at + length + 8]
        return max(1, self._line - (rows.index(first) if spread else 0)), spread

    def _find(self, row: str) -> tuple[int, int] | None:
        for plain in (False, True):
            written = '"' + json.dumps(row, ensure_ascii=plain)[1:-1]
            at = self._text.find(written, self._at + 1)
            if at >= 0:
                return at, len(written)
        return None


def _cell(number: int, rows: list[str], line: int, *, spread: bool) -> Cell:
    first = next((row.strip() for row in rows if row.strip()), "")
    if first.startswith("%%") and not first[2:].startswith(_STILL_PYTHON):
        shell = first.startswith(("%%bash", "%%sh", "%%script", "%%!"))
        kept = enumerate(rows[1:], 2) if shell else ()
        return Cell(number, "", "", line, spread, tuple((n, row.strip()) for n, row in kept if row))
    plain = [row.replace("{sys.executable}", "python") for row in rows]
    commands = [(n, found[1]) for n, row in enumerate(plain, 1) if (found := _COMMAND.match(row))]
    return Cell(number, "\n".join(rows), "\n".join(_python(rows)), line, spread, tuple(commands))


def _python(rows: list[str]) -> Iterator[str]:
    """The rows with ``pass`` for each that is no Python; a trailing backslash continues it."""
    goes_on = False
    for row in rows:
        magic = _MAGIC.match(row)
        if goes_on:
            yield ""
        elif magic or _ASSIGNED.match(row) or _HELP.match(row):
            yield f"{row[: len(row) - len(row.lstrip())]}pass"
        else:
            yield row
            continue
        goes_on = row.rstrip().endswith("\\")
