"""What a machine gives to the loader beside a prefix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from conda_preflight.plain import document_type


@document_type
class System:
    """The libraries of one machine, as its loader finds them.

    ``name`` is what people call it; ``cache`` are the paths by name that ldconfig wrote down,
    the best first; ``folders`` are looked into last; ``levels`` are the glibc-hwcaps folders
    that its processor can use, the best first; ``lib`` and ``platform`` are what $LIB and
    $PLATFORM stand for. Where ``is_known`` is false only ``glibc`` is, the version.
    """

    name: str
    is_known: bool = True
    cache: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    folders: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    lib: str = "lib64"
    platform: str = "x86_64"
    glibc: str = ""
