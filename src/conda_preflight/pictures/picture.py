"""What a picture is before it is written: shapes, and the same said as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.plain import document_type
from conda_preflight.writers.escaping import markup, visible
from conda_preflight.writers.excerpt import cells

CELL = 7.3
"""Units that one cell of a monospaced font of size 12 takes at most."""
LINE = 16
_GAP = 28
_MARGIN = 12


@document_type
class Picture:
    """Shapes as SVG text within ``width`` and ``height``, and rows under heads that say the same.

    ``title``, ``description``, ``heads`` and ``rows`` are not escaped yet, ``shapes`` are.
    """

    title: str
    description: str
    width: float
    height: float
    shapes: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def figure(number: float) -> str:
    """A coordinate with at most one digit after the point."""
    return f"{number:.1f}".removesuffix(".0")


def shortened(text: str, room: float) -> str:
    """The visible text, cut to what fits into so many units; empty where nothing does."""
    most = int(room / CELL)
    shown = visible(text, 200)
    if cells(shown) <= most:
        return shown
    used, kept = 1, []
    for character in shown:
        used += cells(character)
        if used > most:
            break
        kept.append(character)
    return "".join(kept) + "…" if kept else ""


def label(text: str, x: float, y: float, kind: str = "", room: float = 1e9) -> str:
    """A text whose line begins at a place, cut to the room there is; empty where there is none."""
    shown = shortened(text, room)
    named = f' class="{kind}"' if kind else ""
    return f'<text x="{figure(x)}" y="{figure(y)}"{named}>{markup(shown)}</text>' if shown else ""


def box(  # noqa: PLR0917  (as SVG has them)
    x: float, y: float, width: float, height: float, kind: str, radius: int = 0
) -> str:
    """A rectangle of a kind, which is a class of the style."""
    corner = f' rx="{radius}"' if radius else ""
    return (
        f'<rect x="{figure(x)}" y="{figure(y)}" width="{figure(max(width, 0))}" '
        f'height="{figure(max(height, 0))}"{corner} class="{kind}"/>'
    )


def group(told: str, shapes: Sequence[str]) -> str:
    """Shapes that together have a text in full, which browsers show under the pointer."""
    return f"<g><title>{markup(told)}</title>{''.join(shapes)}</g>"


def stacked(pictures: Sequence[Picture]) -> Picture:
    """Several pictures below each other as one; one alone stays as it is."""
    if len(pictures) == 1:
        return pictures[0]
    rows = tuple((each.title, *row) for each in pictures for row in each.rows)
    return Picture(
        title=pictures[0].title,
        description=" ".join(f"{each.title}: {each.description}" for each in pictures),
        width=max(each.width for each in pictures),
        height=sum(each.height + _GAP for each in pictures),
        shapes=tuple(_stack(pictures)),
        heads=("Picture", *pictures[0].heads),
        rows=rows,
    )


def _stack(pictures: Sequence[Picture]) -> Iterator[str]:
    top = 0.0
    for each in pictures:
        yield label(each.title, _MARGIN, top + LINE, "strong", each.width - 2 * _MARGIN)
        top += _GAP
        yield f'<g transform="translate(0 {figure(top)})">{"".join(each.shapes)}</g>'
        top += each.height
