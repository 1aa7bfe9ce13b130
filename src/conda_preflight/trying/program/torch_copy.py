"""Copies from each GPU to each other, which arrive broken where the way between them is."""

from __future__ import annotations

import importlib

from .gpus import need_gpu
from .telling import Answer, WrongResultError

_MAX = 8
_LENGTH = 1 << 20


def attempt(answer: Answer) -> None:
    """Copy a known pattern between every two GPUs, and read it back through the host."""
    torch = importlib.import_module("torch")
    need_gpu(torch, answer, "a copy between GPUs", 2)
    count = min(torch.cuda.device_count(), _MAX)
    pattern = torch.arange(_LENGTH, dtype=torch.int32)
    for source in range(count):
        there = pattern.to("cuda:" + str(source))
        for target in range(count):
            if target == source:
                continue
            way = "GPU " + str(source) + " to GPU " + str(target)
            answer.doing("a copy from " + way)
            if not torch.equal(there.to("cuda:" + str(target)).cpu(), pattern):
                raise WrongResultError("what is copied from " + way + " arrives changed")
    answer.fact("peer_access", torch.cuda.can_device_access_peer(0, 1))
    answer.fact("gpus", count)
