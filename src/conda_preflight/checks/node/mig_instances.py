"""node/mig-instances."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.errors import Skip
from conda_preflight.grammar.node import gpu_node, gpus
from conda_preflight.report import Problem, Severity


@check("node/mig-instances", Severity.NOTE)
def mig_instances(host: Host) -> Iterator[Problem]:
    """A GPU is divided by MIG: a process computes on one instance only.

    A process sees one instance, with a part of the memory that NVML reports for the whole GPU;
    NCCL does not work between instances, and tensor parallelism neither. Some frameworks read
    CUDA_VISIBLE_DEVICES as numbers and fail on the names of instances.

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA H100 80GB HBM3", "capability": "9.0", "memory_mib": 81559}
    ], "node": {
      "gpu.0.mig": "on",
      "gpu.0.mig.instances": "2",
      "nvml": "ok"
    }}
    ```

    ## Passes

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA H100 80GB HBM3", "capability": "9.0", "memory_mib": 81559}
    ], "node": {
      "gpu.0.mig": "off",
      "nvml": "ok"
    }}
    ```

    ## Fix

    Plan one process for each instance, with the memory of its profile; in containers name GPUs by
    number.
    """
    node = gpu_node(host)
    if not node.of_gpus("mig"):
        raise Skip("no GPU here has MIG, or NVML could not be asked")
    divided = [n for n, count in node.of_gpus("mig.instances").items() if count not in ("", "0")]
    if divided:
        yield Problem(
            about="MIG",
            message=f"{gpus(divided)}: divided by MIG, a process has one instance and its memory",
            location=host.location,
            fix="Run one process for each instance; give up tensor parallelism there.",
        )
