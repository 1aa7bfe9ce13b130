"""node/numa-calls-denied."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.errors import Skip
from conda_preflight.grammar.node import gpu_node
from conda_preflight.report import Problem, Severity


@check("node/numa-calls-denied", Severity.WARNING)
def numa_calls_denied(host: Host) -> Iterator[Problem]:
    """A container may not say where memory lies, which NCCL asks for.

    NCCL 2.24 and newer shares memory of the host by the driver's own calls; the profile that
    Docker uses for seccomp refuses them the choice of a NUMA node ("Operation not permitted").

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA H100 80GB HBM3"},
      {"name": "NVIDIA H100 80GB HBM3"}
    ], "node": {
      "container.kind": "docker",
      "numa.calls": "denied"
    }}
    ```

    ## Passes

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA H100 80GB HBM3"},
      {"name": "NVIDIA H100 80GB HBM3"}
    ], "node": {
      "container.kind": "docker",
      "numa.calls": "allowed"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA H100 80GB HBM3"},
      {"name": "NVIDIA H100 80GB HBM3"}
    ], "node": {
      "numa.calls": "denied",
      "variable.NCCL_CUMEM_HOST_ENABLE": "0"
    }}
    ```

    ## Fix

    `--cap-add SYS_NICE`, or NCCL_CUMEM_HOST_ENABLE=0.
    """
    node = gpu_node(host)
    if not node["numa.calls"]:
        raise Skip("it was not tried")
    if node["numa.calls"] == "denied" and node.gpu_count > 1:
        if node.variable("NCCL_CUMEM_HOST_ENABLE") == "0":
            return
        yield Problem(
            about="NUMA",
            message="calls about NUMA memory are refused here, and NCCL 2.24 and newer makes them",
            location=host.location,
            fix="Start the container with --cap-add SYS_NICE, or set NCCL_CUMEM_HOST_ENABLE=0.",
        )
