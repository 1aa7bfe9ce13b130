"""node/fabric-not-ready."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.errors import Skip
from conda_preflight.grammar.node import gpu_node
from conda_preflight.grammar.node_causes import fabric_fault
from conda_preflight.report import Problem, Severity


@check("node/fabric-not-ready", Severity.ERROR)
def fabric_not_ready(host: Host) -> Iterator[Problem]:
    """The NVSwitch fabric of this machine is not set up.

    On HGX and DGX machines the GPUs are joined by NVSwitches, which the fabric manager sets up
    when the machine starts. Without it, or with one of another version than the driver, CUDA ends
    with error 802, "system not yet initialized", on every GPU.

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA H100 80GB HBM3", "capability": "9.0", "memory_mib": 81559}
    ], "node": {
      "fabric.manager": "not running",
      "pci.nvswitches": "4",
      "module.nvidia": "535.104.05"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA H100 80GB HBM3", "capability": "9.0", "memory_mib": 81559}
    ], "node": {
      "fabric.manager": "running",
      "fabric.manager.version": "535.183.01",
      "pci.nvswitches": "4",
      "module.nvidia": "535.104.05"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA H100 80GB HBM3", "capability": "9.0", "memory_mib": 81559}
    ], "node": {
      "gpu.0.fabric.state": "in progress"
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
      "fabric.manager": "running",
      "fabric.manager.version": "535.104.05",
      "gpu.0.fabric.state": "completed",
      "gpu.0.fabric.status": "0",
      "pci.nvswitches": "4",
      "module.nvidia": "535.104.05"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA H100 80GB HBM3", "capability": "9.0", "memory_mib": 81559}
    ], "node": {
      "gpu.0.fabric.state": "not supported"
    }}
    ```

    ## Fix

    Install `nvidia-fabricmanager` of exactly the driver's version, and `systemctl enable --now
    nvidia-fabricmanager`. A virtual machine or a pod needs a whole partition of the fabric.
    """
    node = gpu_node(host)
    names = ("fabric.manager", "fabric.manager.version")
    if not any(name in node for name in names) and not node.of_gpus("fabric.state"):
        raise Skip("there is no NVSwitch, or its fabric manager cannot be seen from here")
    if fault := fabric_fault(node):
        yield Problem(
            about="fabric",
            message=f"{fault}: CUDA returns 802, system not ready",
            location=host.location,
            fix="Install nvidia-fabricmanager of exactly the driver's version, and start it.",
        )
