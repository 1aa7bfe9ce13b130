"""Versions of drivers, toolkits and libraries, which are numbers with dots."""

from __future__ import annotations

from conda_preflight.facts.version_range import Numbers, numbers

__all__ = ["Numbers", "numbers", "reaches"]


def reaches(have: Numbers, least: Numbers) -> bool:
    """Whether a version is not below another, as far as both are stated: 525 reaches 525.60."""
    common = min(len(have), len(least))
    return have[:common] >= least[:common]
