"""A product of two matrices by TensorFlow, on the first GPU that it has."""

from __future__ import annotations

import importlib

from .arithmetic import judge_product, numbers
from .gpus import judge_fallback
from .mapped import tell_mapped
from .telling import Answer

_SIZE = 96
_LIMITS = {"cpu": 1e-5, "gpu": 2e-3}
"""TensorFlow computes products in TF32 on a GPU that has it."""


def attempt(answer: Answer) -> None:
    """Compare with Python's sums; fails where a GPU is there and TensorFlow does not use it."""
    tensorflow = importlib.import_module("tensorflow")
    answer.doing("list_physical_devices")
    gpus = tensorflow.config.list_physical_devices("GPU")
    answer.fact("devices", " ".join(each.name for each in gpus) or "none")
    device = "gpu" if gpus and answer.device != "cpu" else "cpu"
    answer.fact("device", device)
    left, right = numbers(_SIZE, _SIZE, 14), numbers(_SIZE, _SIZE, 15)
    answer.doing("a product on " + device)
    with tensorflow.device("/" + device.upper() + ":0"):
        got = tensorflow.matmul(tensorflow.constant(left), tensorflow.constant(right))
    tell_mapped(answer)
    judge_product(answer, left, right, got.numpy().tolist(), _LIMITS[device])
    judge_fallback(answer, "TensorFlow uses the CPU", is_on_gpu=device == "gpu")
