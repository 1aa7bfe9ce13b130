"""What a CUDA toolkit can compile for.

Sources: NVIDIA's matrix of toolkits, drivers and architectures
(https://docs.nvidia.com/datacenter/tesla/drivers/cuda-toolkit-driver-and-architecture-matrix.html)
and the lists of targets that each ``ptxas`` prints.
"""

from __future__ import annotations

from functools import lru_cache

from conda_preflight.facts.gpus import Architecture, architectures
from conda_preflight.fitting.capability import Capability
from conda_preflight.fitting.numbers import numbers


@lru_cache(maxsize=4096)
def has_dropped(cuda: str, gpu: Capability) -> bool:
    """Whether a toolkit cannot compile for a GPU any more."""
    ours = _family(gpu)
    return bool(ours) and all(row.last and _major(cuda) > _major(row.last) for row in ours)


@lru_cache(maxsize=4096)
def is_too_old(cuda: str, gpu: Capability) -> bool:
    """Whether no machine code of a toolkit runs on a GPU that came later."""
    ours, need = _family(gpu), numbers(cuda)
    if len(need) == 1:
        need = (*need, 99)
    return bool(ours) and all(row.first and numbers(row.first) > need for row in ours)


@lru_cache(maxsize=256)
def last_branch(gpu: Capability) -> int:
    """The last driver branch that serves a GPU, 0 where drivers still do."""
    own = next((row for row in architectures() if _is(row, gpu)), None)
    digits = own.last_driver_branch.lstrip("R") if own else ""
    return int(digits) if digits else 0


def _family(gpu: Capability) -> list[Architecture]:
    """Architectures whose machine code runs on a GPU: those of its major, none newer."""
    return [row for row in architectures() if row.major == gpu[0] and row.minor <= gpu[1]]


def _is(row: Architecture, gpu: Capability) -> bool:
    return row.major == gpu[0] and row.minor == gpu[1]


def _major(cuda: str) -> int:
    return (numbers(cuda) or (0,))[0]
