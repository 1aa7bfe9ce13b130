"""target/two-cuda-majors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.check import check
from conda_preflight.documents import Lock, Prefix
from conda_preflight.documents.stack import Need, Stack
from conda_preflight.fitting.blame import is_build, without_twins
from conda_preflight.fitting.stacks import Stacks
from conda_preflight.grammar.lock_file import some
from conda_preflight.report import Problem, Severity

_OPEN_BY_NAME = frozenset(("tensorflow", "tf-nightly"))


@check("target/two-cuda-majors", Severity.ERROR)
def two_cuda_majors(lock: Lock | Prefix, stacks: Stacks) -> Iterator[Problem]:
    """Packages of one environment are built for two major versions of CUDA.

    An extension for CUDA 12 beside a torch for CUDA 13 ends with "libcudart.so.12: cannot open
    shared object file", or loads a second runtime into the process. xformers 0.0.35 asks for any
    torch since 2.10 and is built for CUDA 12, while torch of the public index is CUDA 13 since
    2.11. Libraries of another major that nothing is built for are a warning; of the compiler
    `target/other-nvcc` tells.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.11.0
    # pip xformers==0.0.35
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.4.1
    # pip cupy-cuda11x==13.3.0
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.4.1
    # pip cupy-cuda12x==13.3.0
    # pip nvidia-cuda-runtime-cu12==12.1.105
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/pytorch-2.10.0-cuda130_mkl_py312h1_305.conda
    https://conda.anaconda.org/conda-forge/linux-64/pytorch-gpu-2.10.0-cuda129_mkl_h1_305.conda
    ```

    ## Fix

    Take builds of all of them for one major version of CUDA.
    """
    told: set[str] = set()
    for stack in stacks.each(lock):
        for problem in _problems(stack):
            if problem.message not in told:
                told.add(problem.message)
                yield problem


def _problems(stack: Stack) -> Iterator[Problem]:
    by_major: dict[str, list[Need]] = {}
    for need in without_twins(stack.needs):
        if need.cuda and not _is_aside(need) and not _is_idle(need, stack):
            by_major.setdefault(need.cuda.partition(".")[0], []).append(need)
    if len(by_major) > 1:
        built = {major for major, rows in by_major.items() if any(map(is_build, rows))}
        yield _problem(by_major, Severity.ERROR if len(built) > 1 else Severity.WARNING)


def _is_aside(need: Need) -> bool:
    """Whether it tells nothing of the process: a compiler, or a package with a lower bound."""
    bound = need.rule.startswith("bound") and not is_build(need)
    return bound or "nvcc" in need.package.name


def _is_idle(need: Need, stack: Stack) -> bool:
    """Whether it opens libraries by name, and those of its CUDA are not there."""
    if need.package.name not in _OPEN_BY_NAME or need.package.manager == "conda":
        return False
    suffix = f"-cu{need.cuda.partition('.')[0]}"
    return not any(p.name.startswith("nvidia-") and p.name.endswith(suffix) for p in stack.packages)


def _problem(by_major: dict[str, list[Need]], severity: Severity) -> Problem:
    ranked = sorted(by_major.items(), key=lambda item: _weight(item[1]))
    told = " and ".join(f"CUDA {major} by {some(_names(rows))}" for major, rows in reversed(ranked))
    lesser = ranked[0][1][0].package
    return Problem(
        "cuda",
        f"Two major versions of CUDA are needed: {told}",
        lesser.location,
        f"Take builds of all of them for CUDA {ranked[-1][0]}.",
        severity,
    )


def _names(rows: Sequence[Need]) -> list[str]:
    """What is built for CUDA before its libraries."""
    return [need.package.name for need in sorted(rows, key=is_build, reverse=True)]


def _weight(rows: Sequence[Need]) -> tuple[bool, bool, int]:
    """How much a major counts: with a framework, with a build, with many packages."""
    return (any(need.framework for need in rows), any(map(is_build, rows)), len(rows))
