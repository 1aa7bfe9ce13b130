"""node/mps-not-reached."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.grammar.node import gpu_node
from conda_preflight.report import Problem, Severity


@check("node/mps-not-reached", Severity.WARNING)
def mps_not_reached(host: Host) -> Iterator[Problem]:
    """Programs look for an MPS control daemon that is not there.

    With CUDA_MPS_PIPE_DIRECTORY, or with the folder of a daemon that has ended, CUDA may end with
    error 805, "MPS client failed to connect to the MPS control daemon or the MPS server".

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA H100 80GB HBM3", "capability": "9.0", "memory_mib": 81559}
    ], "node": {
      "mps.control": "not there",
      "variable.CUDA_MPS_PIPE_DIRECTORY": "/run/mps"
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
      "mps.control": "there",
      "variable.CUDA_MPS_PIPE_DIRECTORY": "/run/mps"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA H100 80GB HBM3", "capability": "9.0", "memory_mib": 81559}
    ], "node": {
      "nvml": "ok"
    }}
    ```

    ## Fix

    Unset the variable, or start `nvidia-cuda-mps-control -d` as the same person. A container
    needs the folder mounted and `--ipc=host`.
    """
    node = gpu_node(host)
    folder = node.variable("CUDA_MPS_PIPE_DIRECTORY")
    if folder and node["mps.control"] == "not there" and node.started != "805":
        yield Problem(
            about="CUDA_MPS_PIPE_DIRECTORY",
            message=f"CUDA_MPS_PIPE_DIRECTORY={folder}, where no MPS control daemon listens",
            location=host.location,
            fix="Unset it, or start nvidia-cuda-mps-control -d; mount the folder into a container.",
        )
