"""A page of pictures that needs nothing else, and may run and fetch nothing."""

from __future__ import annotations

from collections.abc import Sequence

from conda_preflight.pictures.picture import Picture
from conda_preflight.pictures.writing import inline, style
from conda_preflight.writers.escaping import markup
from conda_preflight.writers.html import style_and_policy


def write(pictures: Sequence[Picture], title: str) -> str:
    """The page as an HTML document, each picture with its table."""
    css, policy = style_and_policy(style())
    body = [inline(each, f"picture-{number}") for number, each in enumerate(pictures, 1)]
    lines = [
        "<!doctype html>",
        '<html lang="en">',
        '<head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f'<title>{markup(title)}</title><link rel="icon" href="data:,">',
        f"<style>{css}</style></head>",
        f"<body><main><h1>{markup(title)}</h1>",
        *body,
        "</main></body></html>",
    ]
    return "\n".join(lines) + "\n"
