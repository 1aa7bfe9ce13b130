"""target/missing-cuda-libraries."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host, Lock, Package, Prefix
from conda_preflight.documents.stack import Need
from conda_preflight.fitting.stacks import Stacks
from conda_preflight.report import Problem, Severity

_OPEN_BY_NAME = frozenset(("tensorflow", "tf-nightly", "onnxruntime-gpu"))
_SYSTEM = ("nvidia/cuda", "nvcr.io/nvidia", "tensorflow/tensorflow", "-cuda")


@check("target/missing-cuda-libraries", Severity.WARNING, reads=("gpus", "container"))
def missing_cuda_libraries(lock: Lock | Prefix, stacks: Stacks, host: Host) -> Iterator[Problem]:
    """A framework looks for CUDA libraries that the environment does not bring.

    The wheels of tensorflow and onnxruntime-gpu open cuBLAS, cuDNN and the CUDA runtime by name,
    and without them run on the CPU, with a line in the log. They come with `tensorflow[and-cuda]`
    and `onnxruntime-gpu[cuda,cudnn]`, with torch of the same CUDA, or with the system. Nothing is
    said where the target's container has CUDA.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip tensorflow==2.17.0
    ```

    ```toml preflight.toml
    targets = ["a100"]
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip onnxruntime-gpu==1.20.1
    # pip nvidia-cudnn-cu11==8.9.6.50
    ```

    ```toml preflight.toml
    targets = ["a100"]
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip tensorflow==2.17.0
    # pip nvidia-cuda-runtime-cu12==12.3.101
    # pip nvidia-cudnn-cu12==8.9.7.29
    ```

    ```toml preflight.toml
    targets = ["a100"]
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip tensorflow==2.17.0
    ```

    ```toml preflight.toml
    targets = ["cpu"]
    ```

    ## Fix

    Ask for the extra, `tensorflow[and-cuda]` or `onnxruntime-gpu[cuda,cudnn]`, and lock again.
    """
    if host.gpus == () or any(word in host.container for word in _SYSTEM):
        return
    stack = stacks.of(lock, host)
    for need in stack.needs:
        package = need.package
        looks = package.manager != "conda" and package.name in _OPEN_BY_NAME
        major = need.cuda.partition(".")[0]
        if looks and major and not any(_brings(p, major) for p in stack.packages):
            yield _problem(need, major)


def _brings(package: Package, major: str) -> bool:
    """Whether it is a runtime of that CUDA."""
    name = package.name
    if package.manager == "conda":
        is_runtime = name in ("cuda-cudart", "cudatoolkit", "cuda-version")
        return is_runtime and package.version.partition(".")[0] == major
    plain = name in ("nvidia-cuda-runtime", "cuda-toolkit") and package.version.startswith(major)
    return plain or name == f"nvidia-cuda-runtime-cu{major}"


def _problem(need: Need, major: str) -> Problem:
    package = need.package
    extra = "and-cuda" if package.name.startswith("t") else "cuda,cudnn"
    return Problem(
        package.name,
        f"`{package.name}` {package.version} looks for libraries of CUDA {major}, which the "
        "environment does not bring: without them it runs on the CPU",
        package.location,
        f"Ask for `{package.name}[{extra}]` and lock again.",
    )
