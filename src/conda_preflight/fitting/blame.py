"""Which packages stand for what an environment needs of a driver or a GPU."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from conda_preflight.documents.stack import Need, Stack

_RUNTIMES = frozenset(
    (
        *("cuda-version", "cuda-cudart", "cudatoolkit", "pytorch-cuda", "cuda-runtime"),
        *("cuda-toolkit", "nvidia-cuda-runtime", "nvidia-cuda-runtime-cu11"),
        *("nvidia-cuda-runtime-cu12", "nvidia-cuda-runtime-cu13"),
    )
)
_OPTIONAL = frozenset(
    (
        *("ffmpeg", "hwloc", "libhwloc", "libmagma", "libucc", "mpich", "numba", "openmpi"),
        *("opencv", "libopencv", "triton", "ucc", "ucx"),
    )
)
"""Packages that use a GPU where they find one, and work without; source: their recipes."""
_WHEELS = ("torch", "tensorflow", "onnxruntime-gpu", "vllm", "sglang")
_TWINS = frozenset(("libtorch", "pytorch-gpu"))


@lru_cache(maxsize=256)
def by_cuda(stack: Stack) -> tuple[Need, ...]:
    """What decides which CUDA a driver must support: frameworks first, then the runtimes.

    Libraries such as cuBLAS have versions of their own, and call no driver; ``cuda-version``
    bounds only the packages of conda-forge, and counts where nothing else says a version.
    """
    found = [need for need in stack.needs if need.cuda and (_is_built(need) or _is_runtime(need))]
    sure = [need for need in found if need.package.name != "cuda-version"]
    return tuple(sorted(without_twins(sure or found), key=_rank))


@lru_cache(maxsize=256)
def by_code(stack: Stack) -> tuple[Need, ...]:
    """What has, or needs, code for a GPU: builds for CUDA, frameworks first."""
    return tuple(sorted(without_twins(filter(_is_built, stack.needs)), key=_rank))


def without_twins(needs: Iterable[Need]) -> list[Need]:
    """Without what is one build with conda's pytorch, where that is there."""
    found = list(needs)
    names = {need.package.name for need in found}
    gone = _TWINS if "pytorch" in names else frozenset[str]()
    return [need for need in found if need.package.name not in gone]


@lru_cache(maxsize=256)
def unknown(stack: Stack) -> str:
    """A framework of which no table says what it is built with: ``torch 2.99.0``, else empty."""
    if stack.subdir.startswith("osx"):
        return ""
    known = {need.package for need in stack.needs if need.flavour}
    found = [p for p in stack.named(*_WHEELS) if p.manager != "conda" and p not in known]
    return f"{found[0].name} {found[0].version}" if found else ""


def is_build(need: Need) -> bool:
    """Whether a package was made for CUDA, and does not merely use it where it is."""
    return _is_built(need)


def torch_need(stack: Stack) -> Need | None:
    """What PyTorch is, where it is a build for CUDA: that of pip before conda's."""
    found = [n for n in stack.needs if n.package.name in ("torch", "pytorch") and n.cuda]
    return min(found, key=lambda need: need.package.name == "pytorch", default=None)


def built(need: Need) -> str:
    """``torch 2.11.0 is built with CUDA 13.0``, the beginning of a sentence."""
    package = need.package
    what = "is of" if _is_runtime(need) else "is built with"
    return f"`{package.name}` {package.version} {what} CUDA {need.cuda}"


def _is_built(need: Need) -> bool:
    name = need.package.name
    return need.flavour == "cuda" and name not in _RUNTIMES and name not in _OPTIONAL


def _is_runtime(need: Need) -> bool:
    return need.package.name in _RUNTIMES


def _rank(need: Need) -> tuple[bool, bool]:
    return (not need.framework, _is_runtime(need))
