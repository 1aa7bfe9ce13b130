"""How old something may be: ``7d``, ``12h``, ``30m``, or a number of days."""

from __future__ import annotations

from datetime import timedelta

from conda_preflight.errors import UsageError
from conda_preflight.pattern import lazy_pattern

_AGE = lazy_pattern(r"([0-9]{1,6})([dhm]?)")
_UNITS = {
    "d": timedelta(days=1),
    "": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
}
_NAMES = (
    ("day", timedelta(days=1)),
    ("hour", timedelta(hours=1)),
    ("minute", timedelta(minutes=1)),
)


def age(text: str) -> timedelta:
    """The span that a person wrote; raises UsageError for any other text."""
    found = _AGE.fullmatch(text.strip())
    if not found:
        raise UsageError(f"An age is a number of days, hours or minutes, not {text[:40]!r}", "7d.")
    return int(found[1]) * _UNITS[found[2]]


def told(span: timedelta) -> str:
    """``9 days``, ``3 hours``: the largest unit of which there are two, or the minutes."""
    for name, unit in _NAMES:
        count = span // unit
        if count >= 2 or unit == timedelta(minutes=1):  # noqa: PLR2004
            return f"{count} {name}{'s' * (count != 1)}"
    return ""
