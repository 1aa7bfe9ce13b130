"""node/split-gpus."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.errors import Skip
from conda_preflight.grammar.node import gpu_node
from conda_preflight.report import Problem, Severity


@check("node/split-gpus", Severity.NOTE)
def split_gpus(host: Host) -> Iterator[Problem]:
    """The GPUs lie on several NUMA nodes, and no NVLink joins them.

    Transfers between GPUs of different processors cross the link between these, which is slow;
    some machines do not allow them directly at all.

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA L40S"},
      {"name": "NVIDIA L40S"}
    ], "node": {
      "pci.gpus": "2",
      "pci.gpus.numa": "2"
    }}
    ```

    ## Passes

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA L40S"},
      {"name": "NVIDIA L40S"}
    ], "node": {
      "pci.gpus": "2",
      "pci.gpus.numa": "1"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA L40S"},
      {"name": "NVIDIA L40S"}
    ], "node": {
      "gpu.0.nvlinks": "12 of 12",
      "gpu.1.nvlinks": "12 of 12",
      "pci.gpus": "2",
      "pci.gpus.numa": "2"
    }}
    ```

    ## Fix

    Keep tensor parallelism within one processor, as `nvidia-smi topo -m` shows them.
    """
    node = gpu_node(host)
    nodes = node.number("pci.gpus.numa")
    if nodes is None or node.gpu_count < _SEVERAL:
        raise Skip("there is one GPU, or it is not known where they lie")
    joined = [said for said in node.of_gpus("nvlinks").values() if not said.startswith("0 ")]
    if nodes > 1 and not joined:
        yield Problem(
            about="NUMA",
            message=f"the GPUs lie on {nodes} NUMA nodes, and no NVLink joins them",
            location=host.location,
            fix="Keep tensor parallelism within one of them (nvidia-smi topo -m).",
        )


_SEVERAL = 2
