"""The manual page of a rule as HTML: the little Markdown that docstrings use, and nothing else.

Headings, fenced code, lists, paragraphs, code spans and strong words; all text is escaped
first, and links stay text.
"""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.pattern import lazy_pattern
from conda_preflight.writers.escaping import markup

MAX_LINES = 500
MAX_TEXT = 20_000
_CODE = lazy_pattern(r"(?<!`)(`{1,3})([^`]+)\1")
_STRONG = lazy_pattern(r"\*\*([^*]+)\*\*")
_ITEM = lazy_pattern(r"\s*(?:[-*]|\d{1,3}\.) +")


def manual(page: str) -> str:
    """The page as HTML; its headings become ``h5``."""
    return "\n".join(_blocks(page.split("\n")[:MAX_LINES]))


def _blocks(lines: list[str]) -> Iterator[str]:
    at = 0
    while at < len(lines):
        line, start = lines[at], at
        at += 1
        if line.lstrip().startswith(("```", "~~~")):
            at = _closing(lines, at, line.strip()[:3])
            code = "\n".join(markup(text.replace("\t", "    ")) for text in lines[start + 1 : at])
            at += 1
            yield f'<pre tabindex="0"><code>{code}</code></pre>'
        elif line.startswith("#"):
            yield f"<h5>{_inline(line.lstrip('#').strip())}</h5>"
        elif line.strip():
            at = _end_of_paragraph(lines, at)
            yield from _paragraph(lines[start:at])


def _closing(lines: list[str], at: int, fence: str) -> int:
    """The line of the closing fence, or the end."""
    while at < len(lines) and lines[at].strip() != fence:
        at += 1
    return at


def _end_of_paragraph(lines: list[str], at: int) -> int:
    while at < len(lines) and lines[at].strip() and not lines[at].startswith(("#", "```", "~~~")):
        at += 1
    return at


def _paragraph(lines: list[str]) -> Iterator[str]:
    """A list when its first line is an item, else a paragraph; a line may go on below."""
    if not _ITEM.match(lines[0]):
        yield f"<p>{_inline(' '.join(line.strip() for line in lines))}</p>"
        return
    items: list[str] = []
    for line in lines:
        if item := _ITEM.match(line):
            items.append(line[item.end() :])
        else:
            items[-1] += " " + line.strip()
    yield "<ul>" + "".join(f"<li>{_inline(item)}</li>" for item in items) + "</ul>"


def _inline(text: str) -> str:
    """Code spans first: nothing inside them is strong."""
    parts = _CODE.split(markup(text, MAX_TEXT))
    plain = [_STRONG.sub(r"<strong>\1</strong>", part) for part in parts[::3]]
    code = [f"<code>{part}</code>" for part in parts[2::3]]
    return "".join(a + b for a, b in zip(plain, [*code, ""], strict=True))
