"""node/exclusive-gpu."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.errors import Skip
from conda_preflight.grammar.node import gpu_node, gpus
from conda_preflight.report import Problem, Severity


@check("node/exclusive-gpu", Severity.WARNING)
def exclusive_gpu(host: Host) -> Iterator[Problem]:
    """A GPU lets one process compute at a time, or none.

    In the mode exclusive a second process gets "all CUDA-capable devices are busy or
    unavailable", as workers of a server and test runners do; in the mode prohibited every process
    does, an error.

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA H100 80GB HBM3", "capability": "9.0", "memory_mib": 81559}
    ], "node": {
      "gpu.0.compute_mode": "exclusive",
      "nvml": "ok"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA H100 80GB HBM3", "capability": "9.0", "memory_mib": 81559}
    ], "node": {
      "gpu.0.compute_mode": "prohibited",
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
      "gpu.0.compute_mode": "default",
      "nvml": "ok"
    }}
    ```

    ## Fix

    `nvidia-smi -c DEFAULT` as root; with MPS the mode exclusive is meant.
    """
    node = gpu_node(host)
    modes = node.of_gpus("compute_mode")
    if not modes:
        raise Skip("NVML could not be asked")
    for mode, severity in (("prohibited", Severity.ERROR), ("exclusive", Severity.WARNING)):
        found = [number for number, said in modes.items() if said == mode]
        if found and not (mode == "exclusive" and node["mps.control"] == "there"):
            yield Problem(
                about=mode,
                message=f"{gpus(found)}: the compute mode is {mode}",
                location=host.location,
                fix="Run nvidia-smi -c DEFAULT as root.",
                severity=severity,
            )
