"""What a build string says beside its number and digest."""

from __future__ import annotations

from conda_preflight.pattern import lazy_pattern

_DIGEST = lazy_pattern(r"h[0-9a-f]{7}(?![0-9a-z])")


def variant(build: str) -> str:
    """``cuda120_py311`` of ``cuda120_py311h1a2b3c4_302``: what the build was made for.

    By custom a build ends with its number, and holds a digest of its variant of seven digits;
    source: conda-build's documentation of build strings.
    """
    head, found, tail = build.rpartition("_")
    plain = head if found and tail.isdigit() else build
    return _DIGEST.sub("", plain)
