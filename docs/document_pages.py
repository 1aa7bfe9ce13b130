"""The tables of what is read, and of what checks get of it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import get_args

from conda_preflight.documents import Document
from conda_preflight.readers import PATTERNS
from docs.markup import cell, code, table

_INSTALLED = "a directory with `conda-meta`"


def readers() -> str:
    """Each reader with the file names it looks for and what it says of itself."""
    return table(("Reader", "File names", "Reads", "Recognizes"), _reader_rows())


def _reader_rows() -> Iterator[tuple[str, ...]]:
    for name, globs in sorted({**PATTERNS, "prefix": ()}.items()):
        module = import_module(f"conda_preflight.readers.{name}")
        recognizes = getattr(module, "recognizes", None)
        told = _first(recognizes.__doc__) if recognizes else _INSTALLED
        patterns = " ".join(code(glob) for glob in globs) or "none"
        yield code(name), patterns, cell(_first(module.__doc__)), cell(told)


def documents() -> str:
    """Each type of document with its first sentence."""
    rows = ((code(kind.__name__), cell(_first(kind.__doc__))) for kind in get_args(Document))
    return table(("Type", "What it is"), rows)


def _first(text: str | None) -> str:
    """The first paragraph of a docstring, with code spans as Markdown has them."""
    return (text or "").strip().partition("\n\n")[0].replace("``", "`")
