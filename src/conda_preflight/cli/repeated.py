"""Options that may be given several times."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

_Function = TypeVar("_Function", bound=Callable[..., Any])


def repeated(*names: str, **options: Any) -> Callable[[_Function], _Function]:  # noqa: ANN401
    """An option whose values come as a tuple, in the order in which they were given."""
    return click.option(*names, multiple=True, **options)
