"""target/mig-unsupported."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host, Lock, Prefix
from conda_preflight.fitting.side_by_side import release
from conda_preflight.fitting.stacks import Stacks
from conda_preflight.grammar.conda_version import matches
from conda_preflight.report import Problem, Severity

_REPORTED = ">=0.5.2,<=0.20.1"


@check("target/mig-unsupported", Severity.NOTE, reads=("gpus",))
def mig_unsupported(lock: Lock | Prefix, stacks: Stacks, host: Host) -> Iterator[Problem]:
    """The target's GPU is a slice of MIG, with which this vllm was reported to fail.

    vllm reads `CUDA_VISIBLE_DEVICES` as numbers, and MIG names its slices by UUID; failures are
    reported from 0.5.2 to 0.20.1 (vllm-project/vllm issue 41848). One process sees one slice, so
    that tensor parallelism needs whole GPUs.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip vllm==0.11.2
    ```

    ```toml preflight.toml
    targets = ["host.json"]
    ```

    ```json host.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64",
     "gpus": [{"name": "NVIDIA A100-SXM4-40GB MIG 3g.20gb", "capability": "8.0"}]}
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip vllm==0.11.2
    ```

    ```toml preflight.toml
    targets = ["a100"]
    ```

    ## Fix

    Give the process the slice by its logical number inside a container, or take a whole GPU.
    """
    if not any("MIG" in gpu.name for gpu in host.gpus or ()):
        return
    for package in stacks.of(lock, host).named("vllm"):
        if matches(_REPORTED, release(package.version)):
            yield Problem(
                "vllm",
                f"`vllm` {package.version} was reported to fail with a slice of MIG, and the "
                "target has one",
                package.location,
                "Name the slice by its logical number inside a container, or take a whole GPU.",
            )
