"""The marks between which a page holds a section that is made by this program.

A mark is an HTML comment alone on its line, outside of code blocks: the rules of those are
CommonMark's (0.31, fenced and indented code).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.errors import ReadError
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type

BEGIN = "<!-- conda-preflight:begin -->"
END = "<!-- conda-preflight:end -->"
_ALONE = lazy_pattern(r" {0,3}<!--[ \t]*conda-preflight[ \t]*:[ \t]*([\w-]{1,40})[ \t]*-->[ \t]*")
_WITHIN = lazy_pattern(r"<!--[ \t]*conda-preflight[ \t]*:")
_CODE = lazy_pattern(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_FENCE = lazy_pattern(r"(?: {0,3}|[ >]{0,12}> ?)(`{3,}(?=[^`]*$)|~{3,})")
_MAX_ROW = 2_000
_HINT = f"Write `{BEGIN}` and `{END}` once, each alone on its line."


@value_type
class Marks:
    """The lines, counted from 1, on which a section's two marks stand."""

    begin: int
    end: int


def marks_of(rows: Sequence[str]) -> Marks | None:
    """The marks of a page, None where it has none.

    Raises ReadError, with its line, where they are several, nested, unpaired or misspelt.
    """
    begin = end = 0
    for line, word in _marks(rows):
        if word == "begin" and not begin:
            begin = line
        elif word == "end" and begin and not end:
            end = line
        else:
            raise ReadError(_fault(word, begin, end), _HINT, line)
    if begin and not end:
        raise ReadError("The section that begins here has no end", _HINT, begin)
    return Marks(begin, end) if begin else None


def open_code(rows: Sequence[str]) -> int:
    """The line of the code block that is still open at the end of a page, 0 where none is."""
    opened, fence = 0, ""
    for line, row in enumerate(rows, 1):
        fence, before = _fence_after(row, fence), fence
        opened = (opened if before else line) if fence else 0
    return opened


def _fault(word: str, begin: int, end: int) -> str:
    if word == "begin":
        where = f"the section of line {begin} has not ended" if not end else "there is one already"
        return f"A second section begins here, and {where}"
    if word == "end":
        return (
            "A section ends here that did not begin" if not begin else "A section ends here twice"
        )
    return f"{word!r} is no mark of a section" if word else "Other text stands beside this mark"


def _marks(rows: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Each mark with its line; the word is empty where other text stands beside it."""
    fence = ""
    for line, row in enumerate(rows, 1):
        fence, before = _fence_after(row, fence), fence
        if fence or before or "conda-preflight" not in row:
            continue
        if found := _ALONE.fullmatch(row[:_MAX_ROW]):
            yield line, found[1].lower()
        elif not row.startswith(("    ", "\t")) and _WITHIN.search(_CODE.sub("", row[:_MAX_ROW])):
            yield line, ""


def _fence_after(row: str, fence: str) -> str:
    """The fence of the code block that is open after this row, empty outside of one."""
    found = _FENCE.match(row[:_MAX_ROW])
    if not found:
        return fence
    if not fence:
        return found[1]
    closes = found[1].startswith(fence) and not row[found.end() :].strip(f" \t{fence[0]}")
    return "" if closes else fence
