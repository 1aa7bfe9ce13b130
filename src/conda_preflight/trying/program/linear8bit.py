"""A layer of bitsandbytes with weights of eight bits."""

from __future__ import annotations

import importlib

from .arithmetic import judge, numbers
from .gpus import torch_device
from .mapped import tell_mapped
from .telling import Answer

_SIZE = 128
_LIMIT = 0.05
"""By the size of the largest result: what eight bits lose, with much to spare."""


def attempt(answer: Answer) -> None:
    """Compare the layer with the same layer in float32."""
    torch = importlib.import_module("torch")
    layers = importlib.import_module("bitsandbytes").nn
    device = torch_device(torch, answer)
    weights = torch.tensor(numbers(_SIZE, _SIZE, 8))
    x = torch.tensor(numbers(4, _SIZE, 9))
    layer = layers.Linear8bitLt(_SIZE, _SIZE, bias=False, has_fp16_weights=False)
    layer.load_state_dict({"weight": weights})
    answer.doing("Linear8bitLt on " + device)
    kind = torch.float16 if device == "cuda" else torch.float32
    got = layer.to(device)(x.to(device=device, dtype=kind)).float().cpu()
    tell_mapped(answer)
    wanted = x @ weights.t()
    scale = float(wanted.abs().max())
    pairs = zip(got.flatten().tolist(), wanted.flatten().tolist())
    judge(answer, [(a, b, scale) for a, b in pairs], _LIMIT)
