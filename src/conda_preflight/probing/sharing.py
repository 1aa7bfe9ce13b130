"""The control daemon of MPS, by which several processes share a GPU."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from conda_preflight.probing.machine import Fact, Machine

_DEFAULT = "/tmp/nvidia-mps"  # noqa: S108
"""Source: https://docs.nvidia.com/deploy/mps (CUDA_MPS_PIPE_DIRECTORY)."""


def facts(machine: Machine, environment: Mapping[str, str]) -> Iterator[Fact]:
    """``mps.control``: ``there`` or ``not there``, where a folder for its pipes is named or is."""
    named = environment.get("CUDA_MPS_PIPE_DIRECTORY")
    folder = (named or _DEFAULT).rstrip("/")
    if named or machine.exists(folder):
        is_there = machine.exists(f"{folder}/control")
        yield "mps.control", "there" if is_there else "not there"
