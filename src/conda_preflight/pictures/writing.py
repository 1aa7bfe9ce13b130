"""Pictures as text: a file of its own, or a part of a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from conda_preflight.pictures.picture import Picture, figure, stacked
from conda_preflight.writers.escaping import markup

_ROWS = 500
_PAPER = "svg.alone { background: var(--paper); }\n"
_XMLNS = "http://www.w3.org/2000/svg"


def svg(pictures: Sequence[Picture]) -> str:
    """One SVG file, in light or dark as its reader prefers; several pictures stand in a column."""
    from conda_preflight.writers.html import colours

    return _svg(stacked(pictures), "picture", f"{colours()}{style()}{_PAPER}") + "\n"


def style() -> str:
    """The style of pictures inside of a page, which has the colours of an HTML report."""
    return (Path(__file__).parent / "style.css").read_text(encoding="utf-8")


def inline(picture: Picture, name: str) -> str:
    """The picture and its table for a page; ``name`` is an id that nothing else there has."""
    return (
        f'<figure class="picture"><figcaption>{markup(picture.title)}</figcaption>'
        f'<div class="scroll" tabindex="0">{_svg(picture, name, "")}</div>'
        f"<details><summary>The same as a table</summary>{_table(picture)}</details></figure>"
    )


def _svg(picture: Picture, name: str, css: str) -> str:
    width, height = figure(picture.width), figure(picture.height)
    alone = " alone" if css else ""
    return (
        f'<svg xmlns="{_XMLNS}" class="drawn{alone}" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" '
        f'aria-labelledby="{name}-title {name}-text">'
        f'<title id="{name}-title">{markup(picture.title)}</title>'
        f'<desc id="{name}-text">{markup(picture.description)}</desc>'
        f"{f'<style>{css}</style>' if css else ''}{''.join(picture.shapes)}</svg>"
    )


def _table(picture: Picture) -> str:
    return f'<div class="scroll" tabindex="0"><table>{"".join(_rows(picture))}</table></div>'


def _rows(picture: Picture) -> Iterator[str]:
    heads = "".join(f'<th scope="col">{markup(head)}</th>' for head in picture.heads)
    yield f"<thead><tr>{heads}</tr></thead><tbody>"
    for row in picture.rows[:_ROWS]:
        yield "<tr>" + "".join(f"<td>{markup(each)}</td>" for each in row) + "</tr>"
    if rest := len(picture.rows) - _ROWS:
        more = f'<tr><td colspan="{len(picture.heads)}">{rest} more</td></tr>'
        yield more if rest > 0 else ""
    yield "</tbody>"
