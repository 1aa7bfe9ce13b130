"""Marks, colours and line breaks of a terminal."""

from __future__ import annotations

from conda_preflight.plain import value_type
from conda_preflight.writers.escaping import MAX_TEXT, visible
from conda_preflight.writers.excerpt import cells
from conda_preflight.writers.line_breaks import pieces

_MARKS = {
    "passed": ("✔", "+"),
    "failed": ("✖", "x"),
    "warned": ("▲", "!"),
    "skipped": ("·", "-"),
    "crashed": ("?", "?"),
    "error": ("✖", "x"),
    "warning": ("▲", "!"),
    "note": ("●", "*"),
    "muted": ("○", "o"),
}
_CODES = {
    "passed": "32",
    "failed": "1;31",
    "warned": "33",
    "skipped": "2",
    "crashed": "1;35",
    "error": "1;31",
    "warning": "33",
    "note": "36",
    "muted": "2",
    "bold": "1",
    "dim": "2",
}


@value_type
class Ink:
    """How to write: cells per line, whether ANSI colours, whether more than ASCII."""

    width: int
    colour: bool
    unicode: bool

    @property
    def bar(self) -> str:
        """What stands between a line number and its source."""
        return "│" if self.unicode else "|"

    def mark(self, name: str) -> str:
        """The sign of a state or a severity; each has its own, also without colour."""
        return _MARKS[name][0 if self.unicode else 1]

    def paint(self, style: str, text: str) -> str:
        """The text in a style, where colour is asked for."""
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self.colour and style else text

    def plain(self, text: str, limit: int = MAX_TEXT) -> str:
        """Foreign text, made visible."""
        return visible(text, limit, unicode=self.unicode)

    def wrap(
        self, text: str, indent: str = "", hanging: str | None = None, style: str = ""
    ) -> list[str]:
        """Foreign text as lines; a word longer than a line stays whole, so it can be copied."""
        lines, line, used = [], indent, len(indent)
        for space, word in pieces(self.plain(text)):
            size = cells(word)
            if line.strip() and used + size + len(space) > self.width:
                lines.append(line)
                line = indent if hanging is None else hanging
                used = len(line)
            gap = "" if not line.strip() else space
            line += gap + word
            used += len(gap) + size
        return [self.paint(style, each) for each in (*lines, line)]
