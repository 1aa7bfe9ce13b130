"""target/mixed-cuda-channels."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Lock, Package, Prefix
from conda_preflight.facts.channels import MIXED_CUDA
from conda_preflight.fitting.side_by_side import Together, judged
from conda_preflight.grammar.channel import channel_name
from conda_preflight.grammar.conda_version import matches
from conda_preflight.grammar.lock_file import some
from conda_preflight.report import Problem, Severity

_LIBRARIES = (
    *("libcublas", "libcufft", "libcurand", "libcusolver", "libcusparse", "libnpp", "libnvjpeg"),
    *("libcublas-dev", "libcusparse-dev", "libcusolver-dev", "libcufft-dev", "libcurand-dev"),
    *("libnvjitlink", "libcufile"),
)
_NO_PARTS = ("cuda-version", "cuda-python", "cuda-bindings", "cuda-pathfinder", "cuda-core")


@check("target/mixed-cuda-channels", Severity.WARNING)
def mixed_cuda_channels(lock: Lock | Prefix) -> Iterator[Problem]:
    """Parts of CUDA 11 or 12.0 to 12.4 come from the channel nvidia and from conda-forge.

    Both channels have packages of the same names, which were split up differently until CUDA
    12.4: headers, links or libraries are then missing or there twice. From 12.5 on they are the
    same. Source: the guide of conda-forge's CUDA packages (conda-forge/cuda-feedstock).

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/cuda-cudart-12.1.105-hd3aeb46_0.conda
    https://conda.anaconda.org/nvidia/linux-64/cuda-nvcc-12.1.105-0.tar.bz2
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/cuda-cudart-12.8.90-h5888daf_1.conda
    https://conda.anaconda.org/nvidia/linux-64/cuda-nvcc-12.8.93-0.conda
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/noarch/cuda-version-12.1-h1d6eff3_3.conda
    https://conda.anaconda.org/nvidia/linux-64/cuda-cudart-12.1.105-0.tar.bz2
    ```

    ## Fix

    Set `channel_priority: strict` and keep one of the two channels, or take CUDA 12.5 or later.
    """
    return judged(lock, _problems)


def _problems(env: Together) -> Iterator[Problem]:
    parts = [p for p in env.conda.values() if _is_part(p)]
    by_channel = {
        name: [p for p in parts if channel_name(p.channel).partition("/")[0] == name]
        for name in ("nvidia", "conda-forge")
    }
    ours, theirs = by_channel["nvidia"], by_channel["conda-forge"]
    old = any(matches(MIXED_CUDA, p.version) for p in parts if p.name.startswith("cuda-"))
    if ours and theirs and old:
        fewer = min(ours, theirs, key=len)
        yield Problem(
            "cuda",
            f"{some(p.name for p in ours)} come from nvidia and {some(p.name for p in theirs)} "
            "from conda-forge, which do not fit together before CUDA 12.5",
            fewer[0].location,
            "Take all parts of CUDA from one of the two channels.",
        )


def _is_part(package: Package) -> bool:
    name = package.name
    return (name.startswith("cuda-") and name not in _NO_PARTS) or name in _LIBRARIES
