"""A small picture of how many findings the last records had: bars of errors and warnings."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from conda_preflight.ledger.overview import Point

_HEIGHT, _STEP, _BAR = 24, 7, 5


def sparkline(points: Sequence[Point]) -> Markup:
    """An SVG for a page, with its numbers as its name; nothing where there are no points."""
    if not points:
        return Markup("")
    most = max(1, *(p.errors + p.warnings for p in points))
    bars = "".join(_bar(n, p, most) for n, p in enumerate(points))
    told = ", ".join(f"{p.errors} and {p.warnings}" for p in points)
    name = f"Errors and warnings, the oldest record first: {told}"
    width = len(points) * _STEP
    head = f'<svg class="trend" role="img" aria-label="{name}" viewBox="0 0 {width} {_HEIGHT}"'
    return Markup(f'{head} width="{width}" height="{_HEIGHT}">{bars}</svg>')  # noqa: S704


def _bar(place: int, point: Point, most: int) -> str:
    x, room = place * _STEP, _HEIGHT - 2
    errors = round(room * point.errors / most)
    warnings = round(room * (point.errors + point.warnings) / most) - errors
    parts = (
        ("ground", _HEIGHT - 2, 2),
        ("warned", room - errors - warnings, warnings),
        ("failed", room - errors, errors),
    )
    return "".join(
        f'<rect class="{kind}" x="{x}" y="{y}" width="{_BAR}" height="{height}"/>'
        for kind, y, height in parts
        if height
    )
