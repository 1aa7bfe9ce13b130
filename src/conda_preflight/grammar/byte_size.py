"""Sizes as people write them: ``6 GiB``, ``500 MB``."""

from __future__ import annotations

from conda_preflight.pattern import lazy_pattern

_SIZE = lazy_pattern(r"(\d{1,12}(?:\.\d{1,6})?)\s{0,4}([kKmMgGtT]?)(i?)[bB]?")
_POWERS = " kmgt"
_DECIMAL = ("B", "kB", "MB", "GB", "TB")
_STEP = 1000
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")


def bytes_of(text: str) -> int | None:
    """How many bytes a text means, None where it means none; ``k`` is 1000 and ``Ki`` 1024."""
    found = _SIZE.fullmatch(text.strip())
    if not found or (found[3] and not found[2]):
        return None
    power = _POWERS.index(found[2].lower() or " ")
    return int(float(found[1]) * (1024 if found[3] else 1000) ** power)


def shown_size(number: int) -> str:
    """A number of bytes for people: ``6.1 GiB``."""
    value, unit = float(number), 0
    while value >= 1024 and unit + 1 < len(_UNITS):  # noqa: PLR2004
        value, unit = value / 1024, unit + 1
    return f"{value:.1f} {_UNITS[unit]}" if unit else f"{number} B"


def download_size(number: int) -> str:
    """``1.2 MB``: decimal units, as channels and indexes show them."""
    amount, unit = float(abs(number)), 0
    while round(amount, 1) >= _STEP and unit < len(_DECIMAL) - 1:
        amount, unit = amount / _STEP, unit + 1
    digits = f"{amount:.0f}" if unit == 0 else f"{amount:.1f}"
    return f"{'-' * (number < 0)}{digits} {_DECIMAL[unit]}"
