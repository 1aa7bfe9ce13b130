"""node/no-unified-memory."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.grammar.node import gpu_node
from conda_preflight.grammar.node_causes import lacks_uvm
from conda_preflight.report import Problem, Severity


@check("node/no-unified-memory", Severity.ERROR)
def no_unified_memory(host: Host) -> Iterator[Problem]:
    """The device file of nvidia-uvm is missing, so that CUDA cannot start.

    CUDA needs the module nvidia-uvm and `/dev/nvidia-uvm` for all its memory; nvidia-smi does
    not, and works without. cuInit then returns 999 ("CUDA unknown error - this may be due to an
    incorrectly set up environment"). The file is made at the first use by nvidia-modprobe, where
    that is installed, and never inside a container.

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "cuda.init": "999",
      "device.gpus": "1",
      "device.nvidiactl": "usable",
      "module.nvidia_uvm": "not loaded"
    }}
    ```

    ## Passes

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "cuda.init": "0",
      "device.gpus": "1",
      "device.nvidiactl": "usable",
      "device.nvidia-uvm": "usable"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "cuda.init": "0",
      "device.gpus": "1",
      "device.nvidiactl": "usable"
    }}
    ```

    ## Fix

    `nvidia-modprobe -u -c 0` as root, at each start of the machine. For LXC and hand-made
    containers also pass `/dev/nvidia-uvm` and `/dev/nvidia-uvm-tools`.
    """
    node = gpu_node(host)
    if lacks_uvm(node) and node.started != "0":
        where = (
            "is not loaded" if node["module.nvidia_uvm"] == "not loaded" else "has no device file"
        )
        yield Problem(
            about="/dev/nvidia-uvm",
            message=f"the module nvidia-uvm {where}: /dev/nvidia-uvm is missing"
            + (", and cuInit returns 999" if node.started == "999" else ""),
            location=host.location,
            fix="Run nvidia-modprobe -u -c 0 as root; pass /dev/nvidia-uvm to a container.",
            severity=None if node.started else Severity.WARNING,
        )
