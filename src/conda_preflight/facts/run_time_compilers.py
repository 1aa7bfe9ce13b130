"""Packages that compile kernels while a program runs, and what they need for it.

Sources: https://github.com/triton-lang/triton (``python/triton/runtime/build.py``);
https://www.deepspeed.ai/tutorials/advanced-install (extensions are compiled at their first use);
https://docs.flashinfer.ai/installation.html (packages with ready kernels).
"""

from __future__ import annotations

NEEDS = {
    "deepspeed": ("cc", "nvcc"),
    "flashinfer-python": ("cc", "nvcc"),
    "triton": ("cc",),
}
"""By package, the tools: ``cc`` is a C or C++ compiler, ``nvcc`` that of CUDA."""

TITLES = {"cc": "a C compiler", "nvcc": "nvcc"}
PACKAGES = {"cc": "gcc_linux-64", "nvcc": "cuda-nvcc"}
"""Packages of conda-forge that bring each tool."""

PROVIDERS = {
    "cc": frozenset(
        (
            *("gcc_linux-64", "gxx_linux-64", "gcc_linux-aarch64", "gxx_linux-aarch64", "gcc"),
            *("gxx", "clang", "clangxx", "c-compiler", "cxx-compiler", "compilers"),
        )
    ),
    "nvcc": frozenset(
        (
            *("cuda-nvcc", "cuda-nvcc_linux-64", "cuda-compiler", "cuda-toolkit", "cuda"),
            *("nvidia-cuda-nvcc", "nvidia-cuda-nvcc-cu12", "cudatoolkit-dev"),
        )
    ),
}
"""Packages of which any brings the tool into an environment."""

READY = {"flashinfer-python": frozenset(("flashinfer-cubin", "flashinfer-jit-cache"))}
"""Packages whose kernels make compiling needless."""
