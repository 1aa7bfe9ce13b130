"""What a page says in words about the Python or the CUDA that is needed; only what is clear.

Clear is a sentence with a word such as "requires" before it, or an item of a list that says
nothing else. Ranges, alternatives, conditions and what is said of the past are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type

_RELEASE = (
    r"(python|cuda)(?:[ \t]+(?:toolkit|version|versions|runtime|release))?[ \t]*"
    r"(>=|<=|==|=|>|<|\u2265|\u2264)?[ \t]*v?(\d{1,2}(?:\.\d{1,3}){0,2})"
    r"([ \t]*\+|\.x\b|\.\*"
    r"|,?[ \t]+(?:or|and)[ \t]+(?:newer|later|greater|above|higher|up|upwards)\b)?"
)
_SENTENCE = lazy_pattern(
    r"(?i)\b(?:requires?|needs?|you(?:'ll| will)? need|supports?|works? with|compatible with"
    rf"|runs? on|built (?:with|for|against)|based on)\b[^.,;:]{{0,40}}?\b{_RELEASE}(?![\w.]*\d)"
)
_ITEM = lazy_pattern(
    r"(?i)[ \t]{0,8}(?:[-*+\u2022]|\d{1,2}[.)])[ \t]+(?:an? )?"
    rf"{_RELEASE}[ \t]*(?:\([^)]*\))?[.,;]?[ \t]*$"
)
_MORE = lazy_pattern(
    r"[ \t]*(?:-|\u2013|\u2014|/|,|\||to\b|and\b|or\b|through\b|until\b)[ \t]*[<>=v]*\d"
)
_NOT_CLEAR = lazy_pattern(
    r"(?i)\b(?:not|no|never|cannot|without|dropp?e?d?|deprecated|older|legacy|previous(?:ly)?|instead"
    r"|if|when|unless|optional(?:ly)?|either|example|branch|benchmark\w*|paper|experiments?"
    r"|since|until|before|after|changelog|fix(?:e[sd])?|bump\w*|recommend\w*|e\.g\.?|commands?|windows|macos)\b|n't\b"
)
_HEADING = lazy_pattern(r"[ \t]{0,3}#{1,6}[ \t]+(.{1,200})|\*\*(.{1,100})\*\*:?[ \t]*$")
_NEEDS = lazy_pattern(r"(?i)requirement|prerequisite|dependenc|install|set-?up|environment")
_HISTORY = lazy_pattern(r"(?i)change|news|history|release|update|what's new|benchmark|result|faq")
_FENCE = lazy_pattern(r"[ \t>]*(?:```|~~~)")
_LINK = lazy_pattern(r"\]\([^()\s]{0,400}\)")
_SIGNS = lazy_pattern(r"[*_`\[\]]")
_MAX_ROW = 400
_AT_LEAST = (">=", "\u2265")


@value_type
class ToldRequirement:
    """A technology, "python" or "cuda", the release in conda's language, the words, the line."""

    technology: str
    release: str
    written: str
    line: int


def told_requirements(rows: Sequence[str]) -> Iterator[ToldRequirement]:
    """Every clear requirement in the lines of a page, code blocks left out."""
    heading, fenced = "", False
    for line, row in enumerate(rows, 1):
        if _FENCE.match(row):
            fenced = not fenced
        elif not fenced and (found := _HEADING.match(row[:_MAX_ROW])):
            heading = found[1] or found[2]
        elif not fenced and not _HISTORY.search(heading) and len(row) <= _MAX_ROW:
            yield from _in_row(row, line, bool(_NEEDS.search(heading)))


def _in_row(row: str, line: int, needs: bool) -> Iterator[ToldRequirement]:  # noqa: FBT001
    lower = row.lower()
    if not ("python" in lower or "cuda" in lower) or row.lstrip().startswith(("|", "[![", "<")):
        return
    text = _SIGNS.sub("", _LINK.sub("]", row)) if not _is_item(row) else _bare_item(row)
    item = _ITEM.match(text)
    found = item or _SENTENCE.search(text)
    if not found or _NOT_CLEAR.search(text) or _MORE.match(text, found.end()):
        return
    technology, operator, version, more = found.groups()
    bounded = bool(operator or more)
    if text.lower().count(technology.lower()) > 1 or (item and not (bounded or needs)):
        return
    written = text[found.start(1) : found.end(4) if more else found.end(3)]
    release = _release(operator or "", version, more or "")
    yield ToldRequirement(technology.lower(), release, written, line)


def _is_item(row: str) -> bool:
    return row.lstrip()[:2] in ("- ", "* ", "+ ")


def _bare_item(row: str) -> str:
    """An item of a list without emphasis, its own sign kept."""
    lead = row[: len(row) - len(row.lstrip()) + 2]
    return lead + _SIGNS.sub("", _LINK.sub("]", row[len(lead) :]))


def _release(operator: str, version: str, more: str) -> str:
    if operator in _AT_LEAST or more.strip().startswith(("+", ",", "or", "and")):
        return f">={version}"
    if operator in ("<", ">", "<=", "\u2264"):
        return f"{operator.replace(chr(0x2264), '<=')}{version}{'.999' if '=' in operator else ''}"
    return f"{version}.*"
