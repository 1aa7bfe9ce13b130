"""The options of ``lock`` and ``audit`` that say how a solve is made; each is a setting too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from conda_preflight.cli.repeated import repeated
from conda_preflight.config import PRIORITIES

MIN_SECONDS, MAX_SECONDS = 0.1, 86_400
_Function = TypeVar("_Function", bound=Callable[..., Any])
NAMES = ("channel_alias", "channel_priority", "exclude_newer", "virtual_packages")
"""What the options are called, which is what the settings are called."""


def solving(function: _Function) -> _Function:
    """Add the options, under the names of the settings, and ``seconds``."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def _bounded(_ctx: object, _param: object, seconds: float) -> float:
    if not MIN_SECONDS <= seconds <= MAX_SECONDS:
        raise click.BadParameter(f"{seconds:g} is not from {MIN_SECONDS} to {MAX_SECONDS}.")
    return seconds


_OPTIONS = (
    repeated(
        "--virtual-package", "virtual_packages", metavar="NAME=VERSION", help="As __cuda=12.8."
    ),
    click.option("--channel-alias", metavar="URL", help="Where bare channel names live."),
    click.option("--channel-priority", type=click.Choice(PRIORITIES), help="Default: strict."),
    click.option("--exclude-newer", metavar="TIME", help="ISO 8601; later builds do not count."),
    click.option(
        "--seconds",
        type=float,
        callback=_bounded,
        default=300.0,
        help="For each platform of a solve; default 300.",
    ),
)
