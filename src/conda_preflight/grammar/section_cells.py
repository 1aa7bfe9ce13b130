"""What the tables of a section say, as plain words: each first cell with the second one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type

BETWEEN = "; "
"""Stands in plain words where a cell has a line break."""
_BAR = lazy_pattern(r"(?<!\\)\|")
_RULE = lazy_pattern(r"[\s|:-]+")
_COMMENT = lazy_pattern(r"<!--.{0,200}?-->")
_BREAK = lazy_pattern(r"<br ?/?>")
_TICKS = lazy_pattern(r"(?<!\\)`{1,9}")
_ESCAPED = lazy_pattern(r"\\([!-/:-@\[-`{-~])")
_MAX_ROW = 20_000


@value_type
class Cell:
    """One row of a table: its first cell, the others, their heads, and its line."""

    label: str
    texts: tuple[str, ...]
    heads: tuple[str, ...]
    line: int

    @property
    def text(self) -> str:
        """The other cells in one text."""
        return BETWEEN.join(self.texts)


def cells(rows: Sequence[str], first: int = 1) -> Iterator[Cell]:
    """The rows of the tables in these lines, of which the first has the number ``first``."""
    heads: tuple[str, ...] = ()
    for line, row in enumerate(rows, first):
        bare = row.strip()[:_MAX_ROW]
        if not bare.startswith("|"):
            heads = ()
        elif not _RULE.fullmatch(bare):
            label, *others = map(plain, _BAR.split(bare.removeprefix("|").removesuffix("|")))
            if heads:
                yield Cell(label, tuple(others), heads, line)
            else:
                heads = tuple(others)


def plain(cell: str) -> str:
    """The words of a cell without Markdown's signs."""
    text = _COMMENT.sub("", cell)
    text = _BREAK.sub(BETWEEN, text)
    text = _ESCAPED.sub(r"\1", _TICKS.sub("", text))
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return " ".join(text.split())
