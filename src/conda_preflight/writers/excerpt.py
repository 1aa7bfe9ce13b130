"""A source line with carets under a span, whatever is in the line and however long it is."""

from __future__ import annotations

from conda_preflight.documents import Location
from conda_preflight.plain import value_type
from conda_preflight.writers.escaping import pieces

TAB = 4
_BEFORE = 3


@value_type
class Excerpt:
    """Three pieces of one line, the span in the middle, and the carets that go under it.

    ``carets`` is empty where the column is not known; the pieces hold no control characters.
    """

    before: str
    span: str
    after: str
    carets: str

    @property
    def line(self) -> str:
        """The shown line."""
        return self.before + self.span + self.after


def excerpt(text: str, at: Location, width: int = 96, *, unicode: bool = True) -> Excerpt:
    """At most about ``width`` terminal cells of the line, cut around the span."""
    dots = "…" if unicode else "..."
    first = min(at.column - 1, len(text)) if at.column else 0
    last = min(first + max(at.length, 1), len(text)) if at.column else 0
    left = max(0, first - width)
    window = _cells(text[left : first + width], unicode=unicode)
    start, end = first - left, min(last, first + width) - left
    head, lead = _tail_end(window[:start], width // _BEFORE)
    room = max(width - sum(cell[1] for cell in head), TAB)
    span, _ = _front(window[start:end], room)
    rest, trail = _front(window[end:], room - _width(span)) if len(span) == end - start else ([], 1)
    before = (dots if left or lead else "") + _text(head)
    after = _text(rest) + (dots if trail or first + width < len(text) else "")
    carets = " " * (len(dots) * bool(left or lead) + _width(head)) + "^" * max(_width(span), 1)
    return Excerpt(before, _text(span), after, carets if at.column else "")


def cells(text: str) -> int:
    """The terminal cells that already visible text takes."""
    return len(text) if text.isascii() else sum(_cell_width(character) for character in text)


def _cells(text: str, *, unicode: bool) -> list[tuple[str, int]]:
    """Each character as it is shown, with its width; tabs become spaces."""
    out, at = [], 0
    for character, piece in zip(text, pieces(text, unicode=unicode), strict=True):
        seen = " " * (TAB - at % TAB) if character == "\t" else piece
        out.append((seen, cells(seen)))
        at += out[-1][1]
    return out


def _cell_width(character: str) -> int:
    """0 for combining marks, 2 for wide East Asian characters and emoji, else 1 (UAX #11)."""
    import unicodedata

    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _front(line: list[tuple[str, int]], room: int) -> tuple[list[tuple[str, int]], int]:
    """As many cells from the left as fit, and how many were left out."""
    used = 0
    for number, (_, width) in enumerate(line):
        used += width
        if used > room:
            return line[:number], len(line) - number
    return line, 0


def _tail_end(line: list[tuple[str, int]], room: int) -> tuple[list[tuple[str, int]], int]:
    kept, left_out = _front(line[::-1], room)
    return kept[::-1], left_out


def _text(line: list[tuple[str, int]]) -> str:
    return "".join(piece for piece, _ in line)


def _width(line: list[tuple[str, int]]) -> int:
    return sum(width for _, width in line)
