"""target/missing-bitsandbytes-library."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Lock, Package, Prefix
from conda_preflight.documents.stack import Need, Stack
from conda_preflight.fitting.bitsandbytes import library_for, shipped
from conda_preflight.fitting.blame import torch_need
from conda_preflight.fitting.stacks import Stacks
from conda_preflight.report import Problem, Severity


@check("target/missing-bitsandbytes-library", Severity.ERROR)
def missing_bitsandbytes_library(lock: Lock | Prefix, stacks: Stacks) -> Iterator[Problem]:
    """Bitsandbytes has no library for the CUDA of the torch beside it.

    Its wheel holds one library for each CUDA, and takes that of `torch.version.cuda`: exactly
    that one before 0.50, the nearest of the same major since. Without one it says "CUDA Setup
    failed despite GPU being available". 0.45.5 has none for CUDA 12.9, of which the builds of
    conda-forge are. Builds of conda hold one library, which conda keeps beside its pytorch.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/pytorch-2.7.1-cuda129_mkl_py311_h1_300.conda
    # pip bitsandbytes==0.45.5
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.15.0
    # pip bitsandbytes==0.48.2
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.6.0
    # pip bitsandbytes==0.45.5
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/pytorch-2.7.1-cuda129_mkl_py311_h1_300.conda
    # pip bitsandbytes==0.50.2
    ```

    ## Fix

    Take a bitsandbytes that has it, or set `BNB_CUDA_VERSION` to one that is there.
    """
    told: set[str] = set()
    for stack in stacks.each(lock):
        for problem in _problems(stack):
            if problem.message not in told:
                told.add(problem.message)
                yield problem


def _problems(stack: Stack) -> Iterator[Problem]:
    package = next((p for p in stack.named("bitsandbytes") if p.manager != "conda"), None)
    torch = torch_need(stack)
    has = shipped(package.version) if package else ()
    if package and torch and has and not library_for(package.version, torch.cuda):
        yield _problem(package, torch, has)


def _problem(package: Package, torch: Need, has: tuple[str, ...]) -> Problem:
    return Problem(
        "bitsandbytes",
        f"`bitsandbytes` {package.version} has no library for CUDA {torch.cuda}, of which "
        f"`{torch.package.name}` {torch.package.version} is: it has {', '.join(has)}",
        package.location,
        "Take bitsandbytes 0.50 or later, or set `BNB_CUDA_VERSION` to one of these.",
    )
