"""A product of two matrices by JAX, on the first device that it has."""

from __future__ import annotations

import importlib

from .arithmetic import judge_product, numbers
from .gpus import judge_fallback
from .mapped import tell_mapped
from .telling import Answer

_SIZE = 96
_LIMIT = {"cpu": 1e-5}
_OTHER = 1e-2
"""The default precision of JAX on a GPU may be that of TF32, on a TPU that of bfloat16."""


def attempt(answer: Answer) -> None:
    """Compare with Python's sums; fails where a plugin for GPUs finds none that is there."""
    jax = importlib.import_module("jax")
    answer.doing("jax.devices()")
    devices = jax.devices("cpu") if answer.device == "cpu" else jax.devices()
    platform = devices[0].platform
    answer.fact("device", platform)
    answer.fact("devices", " ".join(str(each) for each in devices))
    answer.fact("kinds", ", ".join(sorted({each.device_kind for each in devices})))
    left, right = numbers(_SIZE, _SIZE, 12), numbers(_SIZE, _SIZE, 13)
    answer.doing("a product on " + platform)
    a, b = (jax.device_put(jax.numpy.array(rows), devices[0]) for rows in (left, right))
    got = jax.jit(jax.numpy.matmul)(a, b).tolist()
    tell_mapped(answer)
    judge_product(answer, left, right, got, _LIMIT.get(platform, _OTHER))
    judge_fallback(answer, "JAX uses the CPU", is_on_gpu=platform != "cpu")
