"""target/second-cuda-library."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Lock, Package, Prefix
from conda_preflight.fitting.side_by_side import Together, judged
from conda_preflight.grammar.lock_file import some
from conda_preflight.report import Problem, Severity

_COPIES = {
    "cudnn": ("cudnn", "libcudnn"),
    "nccl": ("nccl",),
    "nvjitlink": ("libnvjitlink",),
    "cuda-runtime": ("cuda-cudart", "cudatoolkit"),
    "cublas": ("libcublas",),
    "cusparse": ("libcusparse",),
}
_SUFFIXES = ("", "-cu11", "-cu12", "-cu13")


@check("target/second-cuda-library", Severity.WARNING)
def second_cuda_library(lock: Lock | Prefix) -> Iterator[Problem]:
    """A library of CUDA comes from conda and, a second time, from a wheel of nvidia.

    Wheels find their own copy as long as nothing stands before it: with `LD_LIBRARY_PATH` set to
    conda's folder, or where a library has no path of its own, the other copy is loaded. cuDNN
    then ends with "version incompatibility", and cuSPARSE with "undefined symbol:
    __nvJitLinkComplete_12_4". Two majors of CUDA are told by another rule.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/cudnn-8.9.7.29-h092f7fd_3.conda
    # pip torch==2.4.1
    # pip nvidia-cudnn-cu12==9.1.0.70
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/cuda-nvcc-12.1.105-0.conda
    # pip torch==2.4.1
    # pip nvidia-cudnn-cu12==9.1.0.70
    ```

    ## Fix

    Take the framework and its CUDA libraries from one place: all from conda, or all from wheels.
    """
    return judged(lock, _problems)


def _problems(env: Together) -> Iterator[Problem]:
    found = list(_pairs(env))
    if found:
        ours, theirs = found[0]
        names = some(one.name for one, _ in found)
        yield Problem(
            "cuda",
            f"{names} of conda and {some(other.name for _, other in found)} of pip are the same "
            f"libraries twice, such as {ours.version} and {theirs.version}",
            theirs.location,
            "Take the framework and its CUDA libraries all from conda, or all from wheels.",
        )


def _pairs(env: Together) -> Iterator[tuple[Package, Package]]:
    for name, conda in _COPIES.items():
        ours = next((env.conda[each] for each in conda if each in env.conda), None)
        wheels = (f"nvidia-{name}{suffix}" for suffix in _SUFFIXES)
        theirs = next((env.pip[each] for each in wheels if each in env.pip), None)
        if ours and theirs:
            yield ours, theirs
