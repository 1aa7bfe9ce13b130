"""A convolution, which cuDNN does on a GPU of NVIDIA."""

from __future__ import annotations

import importlib
import math

from .arithmetic import judge, numbers
from .gpus import torch_device
from .mapped import tell_mapped
from .telling import Answer

_CHANNELS, _SIZE, _OUT = 8, 16, 4
_LIMIT = 2e-3
"""cuDNN may compute with ten bits of mantissa (TF32), and does so by default."""


def attempt(answer: Answer) -> None:
    """Convolve a picture with four filters of 3 x 3, and compare with Python's sums."""
    torch = importlib.import_module("torch")
    device = torch_device(torch, answer)
    if device == "cuda":
        answer.fact("cudnn", torch.backends.cudnn.version())
        answer.fact("cudnn_enabled", torch.backends.cudnn.enabled)
    picture = numbers(_CHANNELS * _SIZE, _SIZE, 3)
    filters = numbers(_OUT * _CHANNELS * 3, 3, 4)
    answer.doing("conv2d on " + device)
    x = torch.tensor(picture, device=device).reshape(1, _CHANNELS, _SIZE, _SIZE)
    w = torch.tensor(filters, device=device).reshape(_OUT, _CHANNELS, 3, 3)
    got = torch.nn.functional.conv2d(x, w)[0].cpu().tolist()
    tell_mapped(answer)
    pairs = []
    for out in range(_OUT):
        for row in range(0, _SIZE - 2, 3):
            terms = [
                picture[c * _SIZE + row + i][row + j] * filters[(out * _CHANNELS + c) * 3 + i][j]
                for c in range(_CHANNELS)
                for i in range(3)
                for j in range(3)
            ]
            pairs.append((got[out][row][row], math.fsum(terms), math.fsum(map(abs, terms))))
    judge(answer, pairs, _LIMIT)
