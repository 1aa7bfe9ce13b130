"""target/unmatched-nvjitlink."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Lock, Package, Prefix
from conda_preflight.fitting.numbers import numbers
from conda_preflight.fitting.side_by_side import Together, judged
from conda_preflight.report import Problem, Severity

_SUFFIXES = ("", "-cu12", "-cu13")


@check("target/unmatched-nvjitlink", Severity.ERROR)
def unmatched_nvjitlink(lock: Lock | Prefix) -> Iterator[Problem]:
    """The wheel of nvJitLink is of another CUDA than the libraries that call it.

    cuSPARSE asks for the functions of its own version: with an older nvJitLink, `import torch`
    ends with "undefined symbol: __nvJitLinkComplete_12_4" (pytorch/pytorch issue 111469). A
    newer one has them all: a note, since wheels leave it open and the next lock takes another.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip nvidia-cuda-runtime-cu12==12.4.127
    # pip nvidia-cusparse-cu12==12.3.1.170
    # pip nvidia-nvjitlink-cu12==12.1.105
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip nvidia-cuda-runtime-cu12==12.1.105
    # pip nvidia-cusparse-cu12==12.1.0.106
    # pip nvidia-nvjitlink-cu12==12.9.86
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip nvidia-cuda-runtime-cu12==12.4.127
    # pip nvidia-cusparse-cu12==12.3.1.170
    # pip nvidia-nvjitlink-cu12==12.4.127
    ```

    ## Fix

    Pin `nvidia-nvjitlink-cu12` to the CUDA of the runtime.
    """
    return judged(lock, _problems)


def _problems(env: Together) -> Iterator[Problem]:
    for suffix in _SUFFIXES:
        runtime = env.pip.get(f"nvidia-cuda-runtime{suffix}")
        linker = env.pip.get(f"nvidia-nvjitlink{suffix}")
        if runtime and linker:
            yield from _compare(numbers(runtime.version)[:2], linker)


def _compare(cuda: tuple[int, ...], linker: Package) -> Iterator[Problem]:
    have, wanted = numbers(linker.version)[:2], ".".join(map(str, cuda))
    if have == cuda:
        return
    older = have < cuda
    what = "lacks functions of" if older else "is newer than"
    yield Problem(
        linker.name,
        f"`{linker.name}` {linker.version} {what} CUDA {wanted}, of which the runtime beside it is",
        linker.location,
        f"Pin `{linker.name}=={wanted}.*`.",
        None if older else Severity.NOTE,
    )
