"""Values of settings, read from TOML: each function raises UsageError for another kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from conda_preflight.errors import UsageError


def texts(value: object, key: str) -> tuple[str, ...]:
    """A list of texts; one text stands for a list of it."""
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise UsageError(f"{key} is a list of texts, not {value!r}")
    return tuple(items)


def one_text(value: object, key: str) -> str:
    """One text."""
    if not isinstance(value, str):
        raise UsageError(f"{key} is a text, not {value!r}")
    return value


def tables(value: object, key: str) -> dict[str, dict[str, Any]]:
    """Tables by name."""
    if not isinstance(value, dict) or not all(isinstance(item, dict) for item in value.values()):
        raise UsageError(f"{key} is a table of tables", f'Write [{key}."NAME"].')
    return value


def refuse_unknown(table: Mapping[str, Any], known: Iterable[str], what: str) -> None:
    """Raise UsageError for a key that is not known, with the nearest one that is."""
    names = list(known)
    for key in table:
        if key not in names:
            from difflib import get_close_matches

            near = get_close_matches(key, names, 1)
            hint = f"Did you mean {near[0]!r}?" if near else f"Known are {', '.join(names)}."
            raise UsageError(f"{key!r} is no {what}", hint)


def positive(value: object, key: str) -> int:
    """A whole number above 0."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise UsageError(f"{key} is a whole number above 0, not {value!r}")
    return value
