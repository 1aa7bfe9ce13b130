"""node/ecc-off."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.errors import Skip
from conda_preflight.grammar.node import gpu_node, gpus
from conda_preflight.report import Problem, Severity


@check("node/ecc-off", Severity.NOTE)
def ecc_off(host: Host) -> Iterator[Problem]:
    """A GPU that can correct memory errors does not.

    Without ECC a flipped bit changes weights or results and nobody is told.

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA H100 80GB HBM3", "capability": "9.0", "memory_mib": 81559}
    ], "node": {
      "gpu.0.ecc": "off",
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
      "gpu.0.ecc": "on",
      "nvml": "ok"
    }}
    ```

    ## Fix

    `nvidia-smi -e 1` as root, then a reset. It costs no memory on GPUs with HBM.
    """
    node = gpu_node(host)
    states = node.of_gpus("ecc")
    if not states:
        raise Skip("no GPU here has ECC, or NVML could not be asked")
    off = [number for number, state in states.items() if state == "off"]
    if off:
        yield Problem(
            about="ECC",
            message=f"ECC is off on {gpus(off)}",
            location=host.location,
            fix="Run nvidia-smi -e 1 as root, and reset.",
        )
