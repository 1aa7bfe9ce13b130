"""A function that torch compiles: on a GPU by Triton, on a CPU by a C++ compiler."""

from __future__ import annotations

import importlib
import math

from .arithmetic import judge, numbers
from .gpus import torch_device
from .telling import Answer, NotTriedError


def attempt(answer: Answer) -> None:
    """Compile one small function and compare what it computes with Python."""
    torch = importlib.import_module("torch")
    if not hasattr(torch, "compile"):
        raise NotTriedError("torch " + torch.__version__ + " has no torch.compile")
    device = torch_device(torch, answer)

    def function(x: object) -> object:
        return torch.sin(x) * 2 + x

    values = numbers(1, 1000, 5)[0]
    answer.doing("torch.compile on " + device)
    got = torch.compile(function)(torch.tensor(values, device=device)).cpu().tolist()
    pairs = [(have, 2 * math.sin(x) + x, 1.0) for have, x in zip(got, values)]
    judge(answer, pairs, 1e-5)
