"""target/nccl-in-container."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host, Lock, Prefix
from conda_preflight.fitting.stacks import Stacks
from conda_preflight.grammar.conda_version import matches
from conda_preflight.report import Problem, Severity

_NAMES = ("nccl", "nvidia-nccl-cu12", "nvidia-nccl-cu13")
_SINCE = ">=2.24"


@check("target/nccl-in-container", Severity.NOTE, reads=("gpus", "container"))
def nccl_in_container(lock: Lock | Prefix, stacks: Stacks, host: Host) -> Iterator[Problem]:
    """Several GPUs in a container, and a NCCL that asks for rights over memory there.

    Since 2.24 NCCL shares memory of the host by cuMem, for which it asks the kernel on which
    node of memory it is. Docker's default rules deny that, and NCCL stops with "Cuda failure 1
    'invalid argument'". Source: the troubleshooting page of NCCL's guide.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip nvidia-nccl-cu12==2.27.5
    ```

    ```toml preflight.toml
    targets = ["h100,count=8,container=ubuntu:24.04"]
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip nvidia-nccl-cu12==2.27.5
    ```

    ```toml preflight.toml
    targets = ["h100,count=8"]
    ```

    ## Fix

    Run the container with `--cap-add SYS_NICE`, or set `NCCL_CUMEM_HOST_ENABLE=0`.
    """
    if not host.container or len(host.gpus or ()) < 2:  # noqa: PLR2004
        return
    for package in stacks.of(lock, host).named(*_NAMES)[:1]:
        if matches(_SINCE, package.version):
            yield Problem(
                "nccl",
                f"`{package.name}` {package.version} asks for the memory policy of the host, which "
                "containers are denied by default",
                package.location,
                "Run the container with `--cap-add SYS_NICE`, or set `NCCL_CUMEM_HOST_ENABLE=0`.",
            )
