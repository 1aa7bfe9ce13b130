"""node/narrow-link."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.errors import Skip
from conda_preflight.grammar.node import gpu_node
from conda_preflight.report import Problem, Severity


@check("node/narrow-link", Severity.WARNING)
def narrow_link(host: Host) -> Iterator[Problem]:
    """A GPU is joined by fewer lanes or links than it could be.

    A card that sits badly, a broken riser or a link that was switched off after errors leave the
    GPU with a part of its speed, and a whole job waits for it.

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA H100 80GB HBM3", "capability": "9.0", "memory_mib": 81559}
    ], "node": {
      "gpu.0.pcie.width": "8",
      "gpu.0.pcie.width_max": "16"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA H100 80GB HBM3"},
      {"name": "NVIDIA H100 80GB HBM3"}
    ], "node": {
      "gpu.0.nvlinks": "18 of 18",
      "gpu.1.nvlinks": "17 of 18"
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
      "gpu.0.nvlinks": "18 of 18",
      "gpu.0.pcie.width": "16",
      "gpu.0.pcie.width_max": "16"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA H100 80GB HBM3", "capability": "9.0", "memory_mib": 81559}
    ], "node": {
      "gpu.0.nvlinks": "0 of 12",
      "gpu.0.pcie.width": "16",
      "gpu.0.pcie.width_max": "16"
    }}
    ```

    ## Fix

    Look at `nvidia-smi -q -d PCIE` and `nvidia-smi nvlink -s`; have the card, the riser or the
    bridge seen to. A slot may offer fewer lanes than the card: then mute this.
    """
    node = gpu_node(host)
    widest, links = node.of_gpus("pcie.width_max"), node.of_gpus("nvlinks")
    if not widest and not links:
        raise Skip("NVML could not be asked")
    for number, width in node.of_gpus("pcie.width").items():
        best = widest.get(number, "")
        if width.isdecimal() and best.isdecimal() and int(width) < int(best):
            yield _problem(host, number, f"{width} of {best} PCI lanes")
    for number, said in links.items():
        up, _, known = said.partition(" of ")
        if up not in ("0", known):
            yield _problem(host, number, f"{said} NVLinks")


def _problem(host: Host, number: int, what: str) -> Problem:
    return Problem(
        about=f"GPU {number}, {what.rpartition(' ')[2]}",
        message=f"GPU {number} uses {what}",
        location=host.location,
        fix="Have the card, its slot or its bridge seen to.",
    )
