"""A title, rows under heads, and sentences: what ``history`` says, for terminals and Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.language import word
from conda_preflight.plain import document_type
from conda_preflight.writers.excerpt import cells
from conda_preflight.writers.ink import Ink

_INDENT = "  "
_MAX_CELL = 60
_MAX_TEXT = 240


@document_type
class Sheet:
    """Nothing in it is escaped yet; a column without any content is left out.

    ``heads`` are English, and told in the language that is spoken; all else is told already.
    """

    title: str
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()


def text(sheet: Sheet, ink: Ink) -> str:
    """The sheet as lines in aligned columns."""
    lines = ink.wrap(sheet.title, hanging=_INDENT, style="bold")
    if sheet.rows:
        lines += ["", *_table(_filled(sheet), ink)]
    for note in sheet.notes:
        lines += ["", *ink.wrap(note)]
    return "\n".join(lines) + "\n"


def markdown(sheet: Sheet) -> str:
    """The sheet as GitHub Flavoured Markdown."""
    from conda_preflight.writers.markdown import prose

    lines = [f"## {prose(sheet.title)}", ""]
    if sheet.rows:
        heads, *rows = _filled(sheet)
        lines += [f"| {' | '.join(map(prose, heads))} |", "|" + "---|" * len(heads)]
        lines += [f"| {' | '.join(map(_cell, row))} |" for row in rows] + [""]
    for note in sheet.notes:
        lines += [prose(note), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _cell(content: str) -> str:
    from conda_preflight.writers.markdown import code

    return code(content) if content else ""


def _filled(sheet: Sheet) -> list[tuple[str, ...]]:
    """The heads and the rows, without columns in which no row has anything."""
    kept = [place for place, column in enumerate(zip(*sheet.rows, strict=True)) if any(column)]
    heads = tuple(map(word, sheet.heads))
    return [tuple(row[place] for place in kept) for row in (heads, *sheet.rows)]


def _table(filled: list[tuple[str, ...]], ink: Ink) -> Iterator[str]:
    rows = [[ink.plain(each, _MAX_TEXT) for each in row] for row in filled]
    widths = [min(max(map(cells, column)), _MAX_CELL) for column in zip(*rows, strict=True)]
    for number, row in enumerate(rows):
        *first, last = row
        lead = "".join(
            f"{each}{' ' * max(width - cells(each), 0)}{_INDENT}"
            for each, width in zip(first, widths[:-1], strict=True)
        )
        style = "dim" if number == 0 else ""
        yield from (line.rstrip() for line in ink.wrap(last, lead, _INDENT * 2, style))
