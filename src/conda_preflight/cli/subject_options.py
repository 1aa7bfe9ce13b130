"""The options by which ``why`` and ``diff`` choose of a project, and how they answer."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from conda_preflight.errors import UsageError

_Function = TypeVar("_Function", bound=Callable[..., Any])
FORMATS = ("text", "json", "markdown")
PICTURES = ("svg", "html")
"""The formats of answers that can be drawn."""


def selecting(function: _Function) -> _Function:
    """Add the options of a Choice, with its names, and those of the answer."""
    return _with_options(function, FORMATS)


def selecting_drawn(function: _Function) -> _Function:
    """The same where the answer can be a picture too."""
    return _with_options(function, (*FORMATS, *PICTURES))


def _with_options(function: _Function, formats: tuple[str, ...]) -> _Function:
    form = click.option("--format", "form", type=click.Choice(formats), default="text")
    for option in reversed((*_OPTIONS, form, _COLOUR)):
        function = option(function)
    return function


_OPTIONS = (
    click.option("--lock", metavar="FILE", default="", help="Which lock, where there are several."),
    click.option("--manifest", metavar="FILE", default="", help="Which manifest."),
    click.option("--platform", "platforms", metavar="NAME", multiple=True, help="Only this one."),
    click.option(
        "--environment",
        "environments",
        metavar="NAME",
        multiple=True,
        help="Only this one, of a file that has several.",
    ),
)
_COLOUR = click.option("--color/--no-color", "colour", default=None, help="Default: on a terminal.")


def prefix_of(text: str) -> str:
    """The directory of a prefix, ``auto`` the active one; raises UsageError where it is none."""
    found = os.environ.get("CONDA_PREFIX", "") if text == "auto" else text
    if not found:
        raise UsageError("No environment is active", "Name it: --prefix DIR.")
    if not Path(found, "conda-meta").is_dir():
        raise UsageError(f"{found} is no conda prefix", "A prefix has a folder conda-meta.")
    return found
