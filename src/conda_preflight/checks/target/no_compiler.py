"""target/no-compiler."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host, Lock, Package, Prefix
from conda_preflight.facts.run_time_compilers import NEEDS, PACKAGES, PROVIDERS, READY, TITLES
from conda_preflight.fitting.stacks import Stacks
from conda_preflight.report import Problem, Severity

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
    if host.gpus == () or host.os not in ("", "linux"):
        return
    stack = stacks.of(lock, host)
    names = {package.name for package in stack.packages}
    absent = {tool for tool, who in PROVIDERS.items() if not names & who}
    absent -= {"nvcc", "cc"} if "-devel" in host.container else set()
    bare = any(word in host.container for word in _BARE)
    for package in stack.named(*NEEDS):
        needed = absent.intersection(NEEDS[package.name])
        is_ready = names & READY.get(package.name, frozenset())
        if "nvcc" in needed and not is_ready:
            yield _problem(package, "nvcc", "the environment does not bring it")
        elif "cc" in needed and bare and not is_ready:
            why = f"neither the environment nor {host.container} has one"
            yield _problem(package, "cc", why)


def _problem(package: Package, tool: str, why: str) -> Problem:
    also = " or take its packages of ready kernels" if package.name in READY else ""
    return Problem(
        package.name,
        f"`{package.name}` {package.version} calls {TITLES[tool]} while it runs, and {why}",
        package.location,
        f"Add `{PACKAGES[tool]}` to the manifest,{also or ' or take an image that has it'}.",
    )
