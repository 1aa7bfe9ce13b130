"""target/driver-too-old."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Host, Lock, Prefix, Requirements
from conda_preflight.documents.stack import Need
from conda_preflight.fitting.advice import older_for_driver
from conda_preflight.fitting.blame import built, by_cuda, unknown
from conda_preflight.fitting.compatibility import brings_compatibility
from conda_preflight.fitting.driver import Reach, least_driver, reach, supported_cuda
from conda_preflight.fitting.numbers import numbers
from conda_preflight.fitting.numbers import reaches as is_enough
from conda_preflight.fitting.stacks import Stacks
from conda_preflight.grammar.lock_file import some
from conda_preflight.report import Problem, Severity


@check("target/driver-too-old", Severity.ERROR, reads=("driver", "cuda"))
def driver_too_old(
    lock: Lock | Prefix | Requirements, stacks: Stacks, host: Host
) -> Iterator[Problem]:
    """The driver of the target does not support the CUDA that a package was built with.

    A driver runs everything that its own CUDA or an older one built, and since CUDA 11 also what
    a later toolkit of the same major number built. A newer major needs a newer driver:
    `torch.cuda.is_available()` is False with "The NVIDIA driver on your system is too old".

    Requirements without a lock are judged by what they pin exactly. Where the environment brings
    `cuda-compat`, `target/compat-not-allowed` judges whether that helps. Sources: the release
    notes of CUDA, and NVIDIA's guide on CUDA compatibility.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.11.0
    ```

    ```toml preflight.toml
    targets = ["a100,driver=525.105"]
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/pytorch-2.13.0-cuda130_mkl_py312_h1_300.conda
    https://conda.anaconda.org/conda-forge/noarch/cuda-version-13.0-h1_3.conda
    ```

    ```toml preflight.toml
    targets = ["a100,driver=570.86.15"]
    ```

    ```toml preflight.toml
    targets = ["a100,driver=525.105"]
    ```

    ```text requirements.txt
    torch==2.11.0
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.10.0
    ```

    ```toml preflight.toml
    targets = ["a100,driver=525.105"]
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.1.2+cu118
    ```

    ```toml preflight.toml
    targets = ["a100,driver=580.65.06"]
    ```

    ```toml preflight.toml
    targets = ["a100,driver=525.105"]
    ```

    ```text requirements.txt
    --extra-index-url https://download.pytorch.org/whl/cu126
    torch==2.11.0
    ```

    ## Fix

    Take an older version or the build for an older CUDA, or install a newer driver.
    """
    stack = stacks.of(lock, host)
    needs = by_cuda(stack)
    if not (host.driver or host.cuda) and needs:
        raise Skip("the target does not say its driver")
    failing = [need for need in needs if _fails(need, host)]
    if not needs and unknown(stack):
        raise Skip(f"no table says with which CUDA {unknown(stack)} is built")
    if failing and not brings_compatibility(stack, failing):
        yield _problem(failing, host)


def _fails(need: Need, host: Host) -> bool:
    if reach(host.driver, host.cuda, need.cuda, host.os) is Reach.NONE:
        return True
    least = numbers(need.driver)
    return bool(least and host.driver and host.os == "linux") and not is_enough(
        numbers(host.driver), least
    )


def _problem(failing: list[Need], host: Host) -> Problem:
    first = failing[0]
    worst = max(failing, key=lambda need: numbers(need.cuda))
    least = least_driver(worst.cuda, host.os)
    have = f"driver {host.driver}" if host.driver else "a driver"
    wanted = f"driver {least or f'for CUDA {worst.cuda}'} or newer"
    others = list(dict.fromkeys(need.package.name for need in failing[1:]))
    more = f" (as do {some(others)})" if others else ""
    return Problem(
        first.package.name,
        f"{built(first)} and needs {wanted}{more}; the target has {have} "
        f"(CUDA {supported_cuda(host.driver, host.cuda, host.os)})",
        first.package.location,
        f"Take {older_for_driver(first, host)}, or {wanted}.",
    )
