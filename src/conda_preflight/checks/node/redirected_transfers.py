"""node/redirected-transfers."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.errors import Skip
from conda_preflight.grammar.node import gpu_node
from conda_preflight.report import Problem, Severity


@check("node/redirected-transfers", Severity.WARNING)
def redirected_transfers(host: Host) -> Iterator[Problem]:
    """Transfers between GPUs go through the processor, or may go wrong.

    Bridges with access control services (ACS) send every transfer between two GPUs through the
    root of the bus, and an IOMMU that translates does the same: NCCL is slow, hangs, or copies
    wrong values in silence. Inside virtual machines ACS is needed; then NCCL must be told.

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA H100 80GB HBM3"},
      {"name": "NVIDIA H100 80GB HBM3"}
    ], "node": {
      "pci.acs": "4 of 10",
      "pci.gpus": "2"
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
      "kernel.option.intel_iommu": "on",
      "pci.acs": "not readable"
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
      "pci.acs": "0 of 10"
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
      "kernel.option.intel_iommu": "on",
      "kernel.option.iommu": "pt",
      "pci.acs": "0 of 10"
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
      "pci.acs": "4 of 10",
      "variable.NCCL_P2P_DISABLE": "1"
    }}
    ```

    ## Fix

    Switch ACS off on the bridges between the GPUs (`setpci`, at each start), and write `iommu=pt`
    on the kernel's command line. Where that cannot be, set NCCL_P2P_DISABLE=1.
    """
    node = gpu_node(host)
    if node.gpu_count < _SEVERAL:
        raise Skip("there is one GPU")
    if not node["pci.acs"] and not node.below("kernel.option."):
        raise Skip("neither the bridges nor the kernel's command line could be read")
    if (node.variable("NCCL_P2P_DISABLE") or "0") != "0":
        return
    redirecting = node["pci.acs"].partition(" ")[0]
    if redirecting not in ("", "0", "not"):
        yield Problem(
            about="ACS",
            message=f"{node['pci.acs']} bridges redirect transfers between devices (ACS)",
            location=host.location,
            fix="Switch ACS off on the bridges between the GPUs, or set NCCL_P2P_DISABLE=1.",
        )
    options = node.below("kernel.option.")
    is_on = any(options.get(name, "").startswith(("on", "force")) for name in _IOMMU)
    if is_on and "pt" not in options.get("iommu", "") and options.get("iommu.passthrough") != "1":
        yield Problem(
            about="IOMMU",
            message="the kernel's command line switches the IOMMU on, and does not pass transfers "
            "through (iommu=pt)",
            location=host.location,
            fix="Add iommu=pt to the kernel's command line.",
            severity=Severity.NOTE,
        )


_SEVERAL = 2
_IOMMU = ("intel_iommu", "amd_iommu", "iommu")
