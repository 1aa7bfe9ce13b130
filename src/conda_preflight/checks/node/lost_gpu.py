"""node/lost-gpu."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.errors import Skip
from conda_preflight.grammar.node import gpu_node
from conda_preflight.report import Problem, Severity


@check("node/lost-gpu", Severity.ERROR)
def lost_gpu(host: Host) -> Iterator[Problem]:
    """A GPU does not answer the driver.

    "GPU is lost" means that it has fallen off the bus: power, heat or hardware. Others need a
    reset. What runs on it hangs or fails.

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA H100 80GB HBM3"},
      {"name": "NVIDIA H100 80GB HBM3"}
    ], "node": {
      "gpu.1.error": "GPU is lost (15)",
      "nvml": "ok",
      "nvml.gpus": "2"
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
      "gpu.1.ecc": "on",
      "nvml": "ok",
      "nvml.gpus": "2"
    }}
    ```

    ## Fix

    Take the machine out of use and restart it. When the GPU stays away or is lost again, have it
    changed.
    """
    node = gpu_node(host)
    if node["nvml"] != "ok" and not node.of_gpus("error"):
        raise Skip("NVML could not be asked")
    for number, said in node.of_gpus("error").items():
        yield Problem(
            about=f"GPU {number}",
            message=f"GPU {number} does not answer: {said}",
            location=host.location,
            fix="Take the machine out of use and restart it; change a GPU that is lost again.",
        )
