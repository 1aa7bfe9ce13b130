"""node/little-memory."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.errors import Skip
from conda_preflight.grammar.node import gpu_node
from conda_preflight.report import Problem, Severity


@check("node/little-memory", Severity.NOTE)
def little_memory(host: Host) -> Iterator[Problem]:
    """The machine has less memory for this process than a GPU has.

    Weights usually pass through the memory of the machine on their way to a GPU. Where a control
    group or the machine gives less than the largest GPU has, loading a model that fills the GPU
    is ended by the kernel (exit code 137), unless it is mapped and copied in parts.

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA H100 80GB HBM3", "capability": "9.0", "memory_mib": 81559}
    ], "node": {
      "cgroup.memory_mib": "16384",
      "memory.total_mib": "2000000"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA H100 80GB HBM3", "capability": "9.0", "memory_mib": 81559}
    ], "node": {
      "memory.total_mib": "32000"
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
      "cgroup.memory_mib": "200000",
      "memory.total_mib": "2000000"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA H100 80GB HBM3", "capability": "9.0", "memory_mib": 81559}
    ], "node": {
      "memory.total_mib": "500000"
    }}
    ```

    ## Fix

    Give the container more memory (`--memory`, `resources.limits.memory`), or load weights from
    safetensors, which are mapped.
    """
    node = gpu_node(host)
    known = [node.number(name) for name in ("cgroup.memory_mib", "memory.total_mib")]
    given = min((number for number in known if number is not None), default=None)
    largest = max((gpu.memory_mib for gpu in host.gpus or ()), default=0)
    if given is None or not largest:
        raise Skip("the memory of the machine or of its GPUs is not known")
    if given < largest:
        yield Problem(
            about="memory",
            message=f"this process may use {given} MiB of memory, and a GPU has {largest} MiB",
            location=host.location,
            fix="Give the container more memory, or load weights that are mapped (safetensors).",
        )
