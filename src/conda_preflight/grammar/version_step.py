"""Which of two versions is the later one, as their manager orders them."""

from __future__ import annotations

from conda_preflight.grammar import conda_order

MAX_LENGTH = 256


def version_step(manager: str, old: str, new: str) -> int | None:
    """1 for up, -1 for down, 0 for the same; None where the two have no order.

    Sources: conda's version order for conda packages, PEP 440 for "pypi".
    """
    if old == new:
        return 0
    return _pip_step(old, new) if manager == "pypi" else _conda_step(old, new)


def _conda_step(old: str, new: str) -> int | None:
    one, other = conda_order.parse(old), conda_order.parse(new)
    return None if one is None or other is None else (one < other) - (other < one)


def _pip_step(old: str, new: str) -> int | None:
    from packaging.version import InvalidVersion, Version

    if max(len(old), len(new)) > MAX_LENGTH:
        return None
    try:
        one, other = Version(old), Version(new)
    except InvalidVersion:
        return None
    return (one < other) - (other < one)
