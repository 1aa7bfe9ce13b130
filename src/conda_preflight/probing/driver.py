"""What the NVIDIA driver says when it is asked, each library in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from conda_preflight.probing import nvml as management
from conda_preflight.probing.child import ask
from conda_preflight.probing.machine import Fact, Machine
from conda_preflight.probing.nvml import NVML

_WORKERS = {"nvml_worker": "nvml", "cuda_worker": "cuda.init"}
"""Modules beside this one, and the fact that says why one has no answer."""
_ELSEWHERE = "not asked: the root is not that of this machine"


def facts(
    machine: Machine, environment: Mapping[str, str], nvml: NVML | None, seconds: float
) -> Iterator[Fact]:
    """``nvml*``, ``gpu.*`` and ``cuda.*``; ``nvml`` and ``cuda.init`` say why not.

    A given ``nvml`` is asked in this process, and CUDA then is not.
    """
    if nvml is not None:
        yield from management.facts(nvml)
        return
    if not machine.is_here:
        yield from (("nvml", _ELSEWHERE), ("cuda.init", _ELSEWHERE))
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor() as pool:  # both may wait for their time, and then at once
        answers = list(pool.map(lambda worker: ask(worker, environment, seconds), _WORKERS))
    for name, answer in zip(_WORKERS.values(), answers, strict=True):
        told = dict(answer.facts)
        if answer.trouble:
            told[name] = answer.trouble
        yield from told.items()
