"""Text of the code as Markdown that says it literally: the site shows what a terminal shows.

Only what manual pages use keeps its meaning: headings, fenced code, lists, code spans and
strong words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape

_CODE = re.compile(r"(?<!`)(`{1,3})(?!`)([^`]+)\1(?!`)")
_SPECIAL = re.compile(r"\*\*[^*\s][^*]*\*\*|[\\`*_\[\]{}<>&|]")
_LEAD = re.compile(r"\s*(?:[-*]|\d{1,3}\.) +|#{1,6} +")
_MISREAD = re.compile(r"^(?:[#+]|-(?=-*$)|=(?==*$))")
_FENCE = re.compile(r"(`{3,})(\w*) ?(\S*)( untracked)?$")
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "|": "&#124;"}


def plain(text: str) -> str:
    """Text outside code with all marks escaped but strong words."""
    return _SPECIAL.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    found = match[0]
    if len(found) > 1:
        return f"**{plain(found[2:-2])}**"
    return _ENTITIES.get(found) or f"\\{found}"


def inline(text: str) -> str:
    """Text with code spans, which stay as they are."""
    parts = _CODE.split(text)
    code = [a + b + a for a, b in zip(parts[1::3], parts[2::3], strict=True)]
    words = [plain(part) for part in parts[::3]]
    return "".join(a + b for a, b in zip(words, [*code, ""], strict=True))


def code(text: str) -> str:
    """A code span that holds in a table too; backticks where they can say it."""
    line = " ".join(text.split())
    if not set(line) & {"`", "|"}:
        return f"`{line}`" if line else ""
    shown = escape(line, quote=False)
    for mark in "\\`*_[]{}|":
        shown = shown.replace(mark, f"&#{ord(mark)};")
    return f"<code>{shown}</code>"


def cell(text: str) -> str:
    """Text with code spans for one cell of a table."""
    parts = _CODE.split(" ".join(text.split()))
    spans = [code(part) for part in parts[2::3]]
    words = [plain(part) for part in parts[::3]]
    return "".join(a + b for a, b in zip(words, [*spans, ""], strict=True))


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table of cells that are Markdown already."""
    titles = list(head)
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def prose(page: str) -> str:
    """A manual page for the site: a fence that names a file gets it as its title."""
    return "\n".join(_blocks(page.split("\n")))


def _blocks(lines: list[str]) -> Iterator[str]:
    at = 0
    while at < len(lines):
        start = at
        if fence := _FENCE.match(lines[at]):
            at = _after(lines, at + 1, fence[1])
            yield "\n".join([_titled(fence), *lines[start + 1 : at]])
            continue
        while at < len(lines) and lines[at].strip() and not _FENCE.match(lines[at]):
            at += 1
        yield from _paragraph(lines[start:at])
        if at == start:
            yield ""
            at += 1


def _after(lines: list[str], at: int, fence: str) -> int:
    """The line behind the closing fence, or the end."""
    while at < len(lines) and lines[at] != fence:
        at += 1
    return min(at + 1, len(lines))


def _titled(fence: re.Match[str]) -> str:
    ticks, language, name, untracked = fence.groups(default="")
    aside = " (not under version control)" if untracked else ""
    title = f' title="{escape(name)}{aside}"' if name else ""
    return f"{ticks}{language or 'text'}{title}"


def _paragraph(lines: list[str]) -> Iterator[str]:
    """The lines of one block; code spans may go over several, so that they are read as one."""
    if not lines:
        return
    for line in inline("\n".join(map(_marked, lines))).split("\n"):
        lead, _, rest = line.partition("\0")
        yield lead + (rest if lead else _MISREAD.sub(_defused, rest))


def _defused(match: re.Match[str]) -> str:
    """The first mark of a line that would become a heading or an item; "=" has no escape."""
    return "&#61;" if match[0] == "=" else f"\\{match[0]}"


def _marked(line: str) -> str:
    """A line with a NUL behind what makes it an item or a heading."""
    lead = _LEAD.match(line)
    return f"{lead[0].replace('*', '-')}\0{line[lead.end() :]}" if lead else f"\0{line}"
