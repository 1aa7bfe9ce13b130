"""Sheets as one self-contained page, with the style of a report and no script."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.answers.sheet import Sheet
from conda_preflight.language import say, tag, word
from conda_preflight.writers.escaping import markup
from conda_preflight.writers.html import style_and_policy


def html(title: str, sheets: Sequence[Sheet]) -> str:
    """The page; ``title`` begins with the verdict, as ``GO: 4 nodes``."""
    verdict, _, rest = title.partition(say("{verdict}: {what}", verdict="", what=""))
    style, policy = style_and_policy()
    lines = [
        "<!doctype html>",
        f'<html lang="{tag()}">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{markup(title)}</title>",
        '<link rel="icon" href="data:,">',
        f"<style>{style}</style>",
        "</head>",
        "<body>",
        f'<header class="verdict {markup(verdict.lower())}"><h1>{markup(verdict)}</h1>',
        f"<p><strong>{markup(rest)}</strong></p></header>",
        "<main>",
    ]
    for place, sheet in enumerate(sheets):
        lines += _section(sheet, f"part-{place}")
    return "\n".join([*lines, "</main>", "</body>", "</html>"]) + "\n"


def _section(sheet: Sheet, name: str) -> Iterator[str]:
    yield f'<section aria-labelledby="{name}"><h2 id="{name}">{markup(sheet.title)}</h2>'
    if sheet.rows:
        heads = "".join(f'<th scope="col">{markup(word(head))}</th>' for head in sheet.heads)
        yield f'<div class="scroll" tabindex="0"><table><thead><tr>{heads}</tr></thead><tbody>'
        for first, *others in sheet.rows:
            cells = "".join(f"<td>{markup(each)}</td>" for each in others)
            yield f'<tr><th scope="row"><bdi>{markup(first)}</bdi></th>{cells}</tr>'
        yield "</tbody></table></div>"
    yield from (f"<p>{markup(note)}</p>" for note in sheet.notes)
    yield "</section>"
