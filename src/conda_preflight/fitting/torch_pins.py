"""The one torch that a wheel was built for."""

from __future__ import annotations

from conda_preflight.facts.torch_pins import pins
from conda_preflight.fitting.numbers import numbers


def pinned(name: str, version: str) -> str:
    """The torch that a release of vllm, xformers or sglang names; empty where that is not known."""
    have = numbers(version)
    for row in pins(name):
        low, high = numbers(row.first), numbers(row.last)
        if row.first == row.last:
            if version == row.first:
                return row.torch
        elif low <= have[: len(low)] and have[: len(high)] <= high:
            return row.torch
    return ""
