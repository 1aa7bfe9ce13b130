"""Which GPUs torch can use, and why none where there is one."""

from __future__ import annotations

import importlib
from types import ModuleType

from .gpus import judge_fallback
from .telling import Answer, NotTriedError, WrongResultError


def attempt(answer: Answer) -> None:
    """Tell each GPU; fails where the system has a GPU and torch uses none."""
    torch = importlib.import_module("torch")
    is_there = torch.cuda.is_available()
    answer.fact("available", "yes" if is_there else "no")
    answer.fact("arch_list", " ".join(torch.cuda.get_arch_list()) or None)
    if not is_there:
        reason = _reason(torch)
        answer.fact("reason", reason)
        judge_fallback(answer, "torch uses none (" + reason + ")", is_on_gpu=is_there)
        raise NotTriedError("there is no GPU to use: " + reason)
    answer.fact("devices", torch.cuda.device_count())
    for at in range(torch.cuda.device_count()):
        _tell(answer, torch, at)
    answer.fact("nccl", ".".join(map(str, torch.cuda.nccl.version())))


def _tell(answer: Answer, torch: ModuleType, at: int) -> None:
    name = "device." + str(at)
    found = torch.cuda.get_device_properties(at)
    answer.fact(name + ".name", found.name)
    answer.fact(name + ".capability", str(found.major) + "." + str(found.minor))
    answer.fact(name + ".memory_mib", found.total_memory >> 20)
    answer.doing("a kernel on " + found.name)
    total = torch.ones(1000, device="cuda:" + str(at)).sum().item()
    if total != 1000:  # noqa: PLR2004
        raise WrongResultError("a sum of 1000 ones on " + found.name + " is " + str(total))


def _reason(torch: ModuleType) -> str:
    """What torch says when it is asked to start CUDA anyway."""
    version = torch.version
    if not (version.cuda or getattr(version, "hip", None)):
        return "torch " + str(torch.__version__) + " was built without CUDA"
    try:
        torch.cuda.init()
    except Exception as error:  # noqa: BLE001  (any kind tells the reason)
        return str(error)
    return "torch starts CUDA, and sees no device"
