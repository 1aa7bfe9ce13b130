"""node/no-persistence."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.errors import Skip
from conda_preflight.grammar.node import gpu_node, gpus
from conda_preflight.report import Problem, Severity


@check("node/no-persistence", Severity.NOTE)
def no_persistence(host: Host) -> Iterator[Problem]:
    """The driver is unloaded whenever no program uses a GPU.

    Without persistence the start of each program takes seconds longer, and settings of the GPUs
    are lost between programs.

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA H100 80GB HBM3", "capability": "9.0", "memory_mib": 81559}
    ], "node": {
      "gpu.0.persistence": "off",
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
      "gpu.0.persistence": "on",
      "nvml": "ok"
    }}
    ```

    ## Fix

    `systemctl enable --now nvidia-persistenced`, or `nvidia-smi -pm 1`.
    """
    node = gpu_node(host)
    modes = node.of_gpus("persistence")
    if not modes:
        raise Skip("NVML could not be asked")
    found = [number for number, mode in modes.items() if mode == "off"]
    if found:
        yield Problem(
            about="persistence",
            message=f"{gpus(found)}: persistence is off, so each program starts the driver anew",
            location=host.location,
            fix="Run systemctl enable --now nvidia-persistenced.",
        )
