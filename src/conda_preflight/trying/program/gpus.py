"""Which GPUs the system has, whatever any framework says."""

from __future__ import annotations

import glob
import os
import re
from types import ModuleType

from .telling import Answer, NotTriedError, WrongResultError

_NVIDIA = re.compile(r"/dev/nvidia[0-9]+")


def device_files() -> list[str]:
    """Those of GPUs that can compute: of NVIDIA, of AMD, of Windows below Linux."""
    found = [path for path in sorted(glob.glob("/dev/nvidia*")) if _NVIDIA.fullmatch(path)]
    others = ("/dev/kfd", "/dev/dxg", "/dev/nvhost-gpu", "/dev/nvgpu")
    return found + [path for path in others if os.path.exists(path)]


def torch_device(torch: ModuleType, answer: Answer) -> str:
    """``cuda`` where torch can use a GPU and one is wanted, else ``cpu``; it is told."""
    wanted = answer.device != "cpu" and torch.cuda.is_available()
    device = "cuda" if wanted else "cpu"
    answer.fact("device", device)
    return device


def need_gpu(torch: ModuleType, answer: Answer, what: str, count: int = 1) -> None:
    """Raise NotTriedError unless torch sees that many GPUs."""
    seen = torch.cuda.device_count() if torch_device(torch, answer) == "cuda" else 0
    if seen < count:
        some = "a GPU" if count == 1 else str(count) + " GPUs"
        raise NotTriedError(what + " needs " + some + ", and torch sees " + (str(seen) or "none"))


def judge_fallback(answer: Answer, told: str, *, is_on_gpu: bool) -> None:
    """Raise WrongResultError where the system has a GPU that is wanted and not used."""
    if not is_on_gpu and answer.device != "cpu" and device_files():
        answer.fact("fallback", "yes")
        raise WrongResultError(told + ", though there is a GPU")
