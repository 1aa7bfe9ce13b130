"""Whether two channel names mean the same channel, whatever host or mirror serves it.

Sources: conda's documentation of ``default_channels``, ``channel_alias`` and ``custom_channels``.
"""

from __future__ import annotations

from collections.abc import Iterable

DEFAULTS = ("pkgs/main", "pkgs/r", "pkgs/msys2", "pkgs/free", "pkgs/pro", "pkgs/mro-archive")
"""What ``defaults`` has stood for."""

_SHORT = {"main": "pkgs/main", "r": "pkgs/r", "msys2": "pkgs/msys2", "free": "pkgs/free"}

_HERE = ("./", "../", "~/", "/")


def same(one: str, other: str) -> bool:
    """Whether two names mean one channel; a mirror keeps the name as the end of its path."""
    if one == other:
        return True
    if one == "defaults" or other == "defaults":
        rest = other if one == "defaults" else one
        return any(_ends(_full(rest), name) for name in DEFAULTS)
    first, second = _full(one), _full(other)
    return _ends(first, second) or _ends(second, first)


def among(name: str, known: Iterable[str]) -> bool:
    """Whether a channel is one of these."""
    return any(same(name, other) for other in known)


def _full(name: str) -> str:
    """Without the beginning of a path, which is written out in a lock."""
    while name.startswith(_HERE):
        name = name.partition("/")[2]
    return _SHORT.get(name, name)


def _ends(path: str, name: str) -> bool:
    return path == name or path.endswith(f"/{name}")
