"""node/mig-not-ready."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.errors import Skip
from conda_preflight.grammar.node import gpu_node, gpus
from conda_preflight.report import Problem, Severity


@check("node/mig-not-ready", Severity.ERROR)
def mig_not_ready(host: Host) -> Iterator[Problem]:
    """A GPU is in MIG mode and has no instance, or the mode waits for a reset.

    In MIG mode only instances compute: without one the GPU is seen by nvidia-smi and by no
    program.

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA H100 80GB HBM3", "capability": "9.0", "memory_mib": 81559}
    ], "node": {
      "gpu.0.mig": "on",
      "gpu.0.mig.instances": "0",
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
      "gpu.0.mig": "off",
      "gpu.0.mig.pending": "on",
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
      "gpu.0.mig": "on",
      "gpu.0.mig.instances": "2",
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
      "gpu.0.mig": "off",
      "nvml": "ok"
    }}
    ```

    ## Fix

    Make instances with `nvidia-smi mig -cgi PROFILE -C`, or leave the mode with `nvidia-smi -mig
    0`; a mode that waits needs a reset of the GPU.
    """
    node = gpu_node(host)
    modes = node.of_gpus("mig")
    if not modes:
        raise Skip("no GPU here has MIG, or NVML could not be asked")
    instances = node.of_gpus("mig.instances")
    empty = [number for number, count in instances.items() if count == "0"]
    if empty:
        yield Problem(
            about="MIG",
            message=f"{gpus(empty)}: MIG mode is on without an instance, so nothing can compute",
            location=host.location,
            fix="Make instances with nvidia-smi mig -cgi PROFILE -C, or run nvidia-smi -mig 0.",
        )
    waiting = list(node.of_gpus("mig.pending"))
    if waiting:
        yield Problem(
            about="MIG, waiting",
            message=f"{gpus(waiting)}: a change of the MIG mode waits for a reset",
            location=host.location,
            fix="Reset the GPU with nvidia-smi -r, or restart the machine.",
            severity=Severity.WARNING,
        )
