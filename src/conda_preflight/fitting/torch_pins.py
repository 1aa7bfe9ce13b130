"""The one torch that a wheel was built for."""

from __future__ import annotations

from conda_preflight.facts.torch_pins import pins
from conda_preflight.facts.version_range import covers


def pinned(name: str, version: str) -> str:
    """The torch that a release of vllm, xformers or sglang names; empty where that is not known."""
    found = (row.torch for row in pins(name) if covers(row.first, row.last, version))
    return next(found, "")
