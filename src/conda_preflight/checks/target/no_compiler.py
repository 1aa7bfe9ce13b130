"""target/no-compiler."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host, Lock, Prefix
from conda_preflight.documents.stack import Stack
from conda_preflight.fitting.stacks import Stacks
from conda_preflight.report import Problem, Severity

_NVCC = (
    "cuda-nvcc",
    "cuda-toolkit",
    "cuda",
    "cudatoolkit-dev",
    "cuda-compiler",
    "nvidia-cuda-nvcc",
    "nvidia-cuda-nvcc-cu12",
    "cuda-nvcc-impl",
)
_COMPILERS = ("gcc", "gxx", "clang", "c-compiler", "cxx-compiler", "compilers", "ziglang")
_FLASHINFER = ("flashinfer-cubin", "flashinfer-jit-cache")
_BARE = (
    "slim",
    "-base",
    "-runtime",
    "alpine",
    "distroless",
    "micromamba",
    "ubi-minimal",
    "scratch",
)


@check("target/no-compiler", Severity.WARNING, reads=("gpus", "container"))
def no_compiler(lock: Lock | Prefix, stacks: Stacks, host: Host) -> Iterator[Problem]:
    """A package compiles kernels while it runs, and the environment brings no compiler for it.

    flashinfer without its packages of kernels, and deepspeed, call `nvcc` of the CUDA of torch;
    triton, and so `torch.compile`, calls a C compiler and needs Python's headers. A machine may
    have these, but an image for running things (`-slim`, `-runtime`) has not: for triton this is
    told where the target is such an image.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.8.0
    # pip flashinfer-python==0.2.8
    ```

    ```toml preflight.toml
    targets = ["h100"]
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.8.0
    # pip triton==3.4.0
    ```

    ```toml preflight.toml
    targets = ["h100,container=python:3.11-slim"]
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/cuda-nvcc-12.8.93-hcdd1206_1.conda
    # pip torch==2.8.0
    # pip flashinfer-python==0.2.8
    # pip deepspeed==0.16.4
    ```

    ```toml preflight.toml
    targets = ["h100"]
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.8.0
    # pip triton==3.4.0
    ```

    ```toml preflight.toml
    targets = ["h100"]
    ```

    ## Fix

    Add `cuda-nvcc` of the CUDA of torch, or `gxx_linux-64`, to the manifest; for flashinfer,
    `flashinfer-cubin` and `flashinfer-jit-cache` bring the kernels. Or take an image with a
    compiler.
    """
    stack = stacks.of(lock, host)
    if host.gpus == () or host.os not in ("", "linux"):
        return
    if not stack.named(*_NVCC) and not _has_nvcc(host.container):
        yield from _without_nvcc(stack)
    has_c = any(p.name.startswith(_COMPILERS) for p in stack.packages)
    if not has_c and any(word in host.container for word in _BARE):
        for package in stack.named("triton", "pytorch-triton")[:1]:
            yield Problem(
                "triton",
                f"`triton` {package.version} calls a C compiler, which the environment does not "
                f"bring and {host.container} has not",
                package.location,
                "Add `gxx_linux-64` to the manifest, or take an image with gcc.",
            )


def _without_nvcc(stack: Stack) -> Iterator[Problem]:
    callers = [*stack.named("deepspeed")]
    if not stack.named(*_FLASHINFER):
        callers.extend(stack.named("flashinfer-python"))
    for package in callers:
        fix = "Add `cuda-nvcc` of the CUDA of torch to the manifest, and set CUDA_HOME"
        also = ", or take `flashinfer-cubin`" if package.name.startswith("flashinfer") else ""
        yield Problem(
            package.name,
            f"`{package.name}` {package.version} calls nvcc while it runs, and the environment "
            "does not bring it",
            package.location,
            f"{fix}{also}.",
        )


def _has_nvcc(container: str) -> bool:
    return "-devel" in container
