"""Attention with one kernel and no other."""

from __future__ import annotations

import contextlib
import importlib
import warnings
from types import ModuleType
from typing import Any, ContextManager

from .arithmetic import judge
from .gpus import torch_device
from .mapped import tell_mapped
from .telling import Answer, NotTriedError

_KINDS = {
    "flash": "FLASH_ATTENTION",
    "efficient": "EFFICIENT_ATTENTION",
    "math": "MATH",
    "cudnn": "CUDNN_ATTENTION",
}
_OLD = {"flash": "enable_flash", "efficient": "enable_mem_efficient", "math": "enable_math"}
_ON_CPU = ("flash", "math")


def attempt(answer: Answer) -> None:
    """Compare scaled_dot_product_attention with its formula in float64 on the CPU."""
    torch, kind = importlib.import_module("torch"), answer.argument
    if not hasattr(torch.nn.functional, "scaled_dot_product_attention"):
        raise NotTriedError("torch " + torch.__version__ + " has no such attention")
    device = torch_device(torch, answer)
    if device == "cpu" and kind not in _ON_CPU:
        raise NotTriedError("this kernel needs a GPU, and torch uses none")
    only = _only(torch, kind)
    dtype = torch.float16 if device == "cuda" else torch.float32
    torch.manual_seed(6)
    query, key, value = (torch.randn(2, 4, 64, 64).to(dtype) for _ in range(3))
    answer.doing("attention by " + kind + " on " + device)
    with only, warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            got = _attention(torch, *(each.to(device) for each in (query, key, value)))
        except RuntimeError as error:
            if "o available kernel" not in str(error):
                raise
            raise NotTriedError("torch has no such kernel for this: " + _why(said)) from None
    tell_mapped(answer)
    wanted = _formula(query.double(), key.double(), value.double())
    got = got.cpu().double()
    pairs = zip(got.flatten().tolist(), wanted.flatten().tolist())
    judge(answer, [(a, b, 1.0) for a, b in pairs], 5e-3 if device == "cuda" else 1e-5)


def _attention(torch: ModuleType, query: object, key: object, value: object) -> Any:
    return torch.nn.functional.scaled_dot_product_attention(query, key, value)


def _formula(query: Any, key: Any, value: Any) -> Any:
    weights = (query @ key.transpose(-2, -1) / query.shape[-1] ** 0.5).softmax(-1)
    return weights @ value


def _only(torch: ModuleType, kind: str) -> ContextManager[object]:
    """What switches the other kernels off, in whichever way this torch has."""
    with contextlib.suppress(ImportError, AttributeError):
        module = importlib.import_module("torch.nn.attention")
        chosen: ContextManager[object] = module.sdpa_kernel(
            getattr(module.SDPBackend, _KINDS[kind])
        )
        return chosen
    if hasattr(torch.backends.cuda, "sdp_kernel") and kind in _OLD:
        old: ContextManager[object] = torch.backends.cuda.sdp_kernel(
            **{word: name == kind for name, word in _OLD.items()}
        )
        return old
    raise NotTriedError("torch " + torch.__version__ + " has no choice of this kernel")


def _why(said: list[warnings.WarningMessage]) -> str:
    texts = [str(each.message).partition(" (Triggered")[0] for each in said]
    return " ".join(texts)[:500] or "it gives no reason"
