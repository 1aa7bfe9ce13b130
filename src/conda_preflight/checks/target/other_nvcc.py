"""target/other-nvcc."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Lock, Package, Prefix
from conda_preflight.documents.stack import Need, Stack
from conda_preflight.fitting.blame import torch_need
from conda_preflight.fitting.numbers import Numbers, numbers
from conda_preflight.fitting.stacks import Stacks
from conda_preflight.report import Problem, Severity

_NVCC = ("cuda-nvcc", "nvidia-cuda-nvcc", "nvidia-cuda-nvcc-cu12", "nvidia-cuda-nvcc-cu11")
_COMPILE = ("deepspeed", "flash-attn", "mamba-ssm", "causal-conv1d", "apex", "flashinfer-python")
_LAST_LENIENT = 12


@check("target/other-nvcc", Severity.WARNING)
def other_nvcc(lock: Lock | Prefix, stacks: Stacks) -> Iterator[Problem]:
    """The compiler nvcc is of another CUDA than torch.

    Torch refuses to build an extension with an nvcc of another major version: "The detected
    CUDA version mismatches the version that was used to compile PyTorch". Another minor version
    works within CUDA 11 and 12; deepspeed refuses it for CUDA 13. It is an error where a package
    of the environment compiles while it runs, deepspeed or flashinfer for example.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/cuda-nvcc-11.8.89-hb9d3cd8_0.conda
    # pip torch==2.4.1
    # pip deepspeed==0.16.4
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/cuda-nvcc-13.1.80-hb9d3cd8_0.conda
    # pip torch==2.11.0
    # pip deepspeed==0.19.8
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/cuda-nvcc-12.4.131-hb9d3cd8_0.conda
    # pip torch==2.4.1
    # pip deepspeed==0.16.4
    ```

    ## Fix

    Take `cuda-nvcc` of the CUDA of torch, `cuda-nvcc=12.1` for example.
    """
    told: set[str] = set()
    for stack in stacks.each(lock):
        for problem in _problems(stack):
            if problem.message not in told:
                told.add(problem.message)
                yield problem


def _problems(stack: Stack) -> Iterator[Problem]:
    nvcc = next(iter(stack.named(*_NVCC)), None)
    torch = torch_need(stack)
    if not (nvcc and torch):
        return
    have, wanted = numbers(nvcc.version)[:2], numbers(torch.cuda)[:2]
    compiles = stack.named(*_COMPILE)
    strict = any(p.name == "deepspeed" for p in compiles) and wanted[:1] > (_LAST_LENIENT,)
    if have[:1] != wanted[:1] or (strict and have != wanted[: len(have)]):
        yield _problem(nvcc, torch, have, compiles)


def _problem(nvcc: Package, torch: Need, have: Numbers, compiles: tuple[Package, ...]) -> Problem:
    caller = f", and `{compiles[0].name}` compiles with it" if compiles else ""
    return Problem(
        "nvcc",
        f"`{nvcc.name}` is of CUDA {'.'.join(map(str, have))} and `{torch.package.name}` "
        f"{torch.package.version} of CUDA {torch.cuda}{caller}",
        nvcc.location,
        f"Take nvcc of CUDA {torch.cuda}.",
        Severity.ERROR if compiles else None,
    )
