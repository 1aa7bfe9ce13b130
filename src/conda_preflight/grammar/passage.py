"""A text put together from pieces of a file, which knows where each character stands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from conda_preflight.documents import Location
from conda_preflight.plain import document_type, value_type


@value_type
class Piece:
    """A run of text that stands on one line of a file; it may end with the line feed."""

    text: str
    line: int
    column: int


@document_type
class Passage:
    """Pieces read as one text; ``starts`` are their offsets in ``text``."""

    path: str
    text: str
    pieces: tuple[Piece, ...]
    starts: tuple[int, ...]

    def place(self, offset: int) -> tuple[int, int]:
        """The line and the column of a character."""
        if not self.pieces:
            return 0, 0
        at = max(bisect_right(self.starts, offset) - 1, 0)
        piece = self.pieces[at]
        return piece.line, piece.column + min(offset - self.starts[at], len(piece.text))

    def location(self, start: int, end: int) -> Location:
        """Where a stretch of the text begins, and how much of it its first line holds."""
        line, column = self.place(start)
        at = max(bisect_right(self.starts, start) - 1, 0)
        stop = self.starts[at + 1] if at + 1 < len(self.starts) else len(self.text)
        covered = self.text[start : min(end, stop)].rstrip()
        return Location(self.path, line, column, len(covered))

    def cut(self, start: int, end: int) -> Passage:
        """A part of the passage, with the same places."""
        parts: list[Piece] = []
        at = max(bisect_right(self.starts, start) - 1, 0)
        while at < len(self.pieces) and self.starts[at] < end:
            piece, begin = self.pieces[at], self.starts[at]
            skip = max(start - begin, 0)
            text = piece.text[skip : end - begin]
            parts.append(Piece(text, piece.line, piece.column + skip))
            at += 1
        return passage(self.path, parts)


def passage(path: str, pieces: Iterable[Piece]) -> Passage:
    """The pieces as one passage, in the order given."""
    kept = tuple(piece for piece in pieces if piece.text)
    starts: list[int] = []
    total = 0
    for piece in kept:
        starts.append(total)
        total += len(piece.text)
    return Passage(path, "".join(piece.text for piece in kept), kept, tuple(starts))


def passage_of(path: str, text: str, line: int = 1, column: int = 1) -> Passage:
    """A whole text as a passage; only its first line begins at ``column``."""
    rows = text.split("\n")
    ends = ["\n"] * (len(rows) - 1) + [""]
    return passage(
        path,
        (
            Piece(row + end, line + number, column if number == 0 else 1)
            for number, (row, end) in enumerate(zip(rows, ends, strict=True))
        ),
    )
