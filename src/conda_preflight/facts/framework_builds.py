"""How packages of the frameworks say whether they were built for a GPU.

Sources: the build strings of the channels conda-forge, pkgs/main and pytorch (``cpu_generic_...``,
``cuda129_mkl_...``, ``py3.11_cpu_0``, ``mkl_py39...``); the pages on how to install PyTorch
(https://pytorch.org/get-started) and TensorFlow (https://www.tensorflow.org/install/pip).
"""

from __future__ import annotations

import re

from conda_preflight.pattern import lazy_pattern

GPU_PLATFORMS = ("linux-64", "win-64", "linux-aarch64", "linux-ppc64le")
"""Platforms for which frameworks are built for CUDA."""

FAMILIES: dict[str, frozenset[str]] = {
    "pytorch": frozenset(("pytorch", "libtorch", "pytorch-cpu", "pytorch-gpu", "torch")),
    "tensorflow": frozenset(
        ("tensorflow", "tensorflow-base", "tensorflow-gpu", "tensorflow-cpu", "tensorflow-mkl")
    ),
    "jaxlib": frozenset(("jaxlib", "jax")),
    "onnxruntime": frozenset(("onnxruntime", "onnxruntime-gpu")),
}
"""The names of packages, of conda and of pip, by which each framework is asked for and locked."""

_CPU = lazy_pattern(r"(?:^|[_.])(?:cpu|mkl|eigen)(?:[_.]|$)")
_GPU = lazy_pattern(r"(?:^|[_.])(?:cuda|cu\d|gpu|rocm|hip)")
_CPU_NAMES = frozenset(("pytorch-cpu", "tensorflow-cpu", "tensorflow-mkl", "tensorflow-eigen"))
_GPU_NAMES = frozenset(("pytorch-gpu", "tensorflow-gpu", "onnxruntime-gpu"))
_CPU_WHEEL = lazy_pattern(r"(?:\+|%2B)cpu|/whl/cpu/", re.IGNORECASE)


def conda_flavour(name: str, build: str) -> str:
    """What name or build string say: "cpu", "gpu", or empty where they say neither."""
    if name in _GPU_NAMES or _GPU.search(build):
        return "gpu"
    return "cpu" if name in _CPU_NAMES or _CPU.search(build) else ""


def wheel_flavour(name: str, version: str, url: str, platform: str) -> str:
    """What a wheel says; torch of the public index on Windows is "cpu" too."""
    if name in _CPU_NAMES or _CPU_WHEEL.search(f"{version} {url}"):
        return "cpu"
    plain = "+" not in version and "%2B" not in url and "+cu" not in url
    if name == "torch" and platform.startswith("win-") and plain:
        return "cpu"
    return "gpu" if name in _GPU_NAMES else ""
