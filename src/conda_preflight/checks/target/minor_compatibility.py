"""target/minor-compatibility."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Host, Lock, Prefix, Requirements
from conda_preflight.fitting.blame import built, by_cuda
from conda_preflight.fitting.driver import Reach, full_driver, reach, supported_cuda
from conda_preflight.fitting.numbers import numbers
from conda_preflight.fitting.stacks import Stacks
from conda_preflight.report import Problem, Severity


@check("target/minor-compatibility", Severity.NOTE, reads=("driver", "cuda"))
def minor_compatibility(
    lock: Lock | Prefix | Requirements, stacks: Stacks, host: Host
) -> Iterator[Problem]:
    """A package runs by minor-version compatibility: its CUDA is newer than the driver's.

    Since CUDA 11 a driver runs what any toolkit of its major number built. Two things are left
    out: PTX, which the driver would have to compile (`target/only-ptx-for-gpu` looks for it),
    and functions of the newer version. Kernels that triton compiles are machine code of its own
    compiler, and run. Source: NVIDIA's guide on CUDA compatibility.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.10.0
    ```

    ```toml preflight.toml
    targets = ["a100,driver=525.105"]
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.10.0
    ```

    ```toml preflight.toml
    targets = ["a100,driver=570.86.15"]
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip torch==2.11.0
    ```

    ```toml preflight.toml
    targets = ["a100,driver=525.105"]
    ```

    ## Fix

    Nothing must be done. A driver that came with the package's CUDA supports all of it.
    """
    needs = by_cuda(stacks.of(lock, host))
    if not (host.driver or host.cuda) and needs:
        raise Skip("the target does not say its driver")
    reached = [reach(host.driver, host.cuda, need.cuda, host.os) for need in needs]
    if Reach.NONE in reached or Reach.MINOR not in reached:
        return
    minor = [need for need, how in zip(needs, reached, strict=True) if how is Reach.MINOR]
    first = minor[0]
    newest = max((need.cuda for need in minor), key=numbers)
    yield Problem(
        first.package.name,
        f"{built(first)} and the target's driver supports "
        f"{supported_cuda(host.driver, host.cuda, host.os)}: it runs by minor-version "
        "compatibility, without PTX and newer functions",
        first.package.location,
        f"Nothing must be done; driver {full_driver(newest, host.os) or newest} supports all.",
    )
