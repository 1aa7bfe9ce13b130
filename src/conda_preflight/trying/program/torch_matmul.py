"""A product of two matrices."""

from __future__ import annotations

import importlib

from .arithmetic import judge_product, numbers
from .gpus import torch_device
from .mapped import tell_mapped
from .telling import Answer

_SIZE = 192
_LIMITS = {"float32": 1e-5, "bfloat16": 1e-2}
_TF32 = 2e-3
"""Ten bits of mantissa, which a setting or variable may allow for float32."""


def attempt(answer: Answer) -> None:
    """Multiply on the GPU, or the CPU where torch uses none, and compare with Python's sums."""
    torch = importlib.import_module("torch")
    device, kind = torch_device(torch, answer), answer.argument
    left, right = numbers(_SIZE, _SIZE, 1), numbers(_SIZE, _SIZE, 2)
    answer.doing("a product in " + kind + " on " + device)
    a, b = (torch.tensor(rows, dtype=getattr(torch, kind), device=device) for rows in (left, right))
    got = (a @ b).float().cpu().tolist()
    tf32 = device == "cuda" and kind == "float32" and torch.backends.cuda.matmul.allow_tf32
    if tf32:
        answer.fact("tf32", "on")
    tell_mapped(answer)
    judge_product(answer, left, right, got, _TF32 if tf32 else _LIMITS[kind])
