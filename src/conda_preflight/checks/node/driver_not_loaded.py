"""node/driver-not-loaded."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.errors import Skip
from conda_preflight.grammar.node import gpu_node
from conda_preflight.grammar.node_causes import is_unloaded
from conda_preflight.report import Problem, Severity


@check("node/driver-not-loaded", Severity.ERROR)
def driver_not_loaded(host: Host) -> Iterator[Problem]:
    """The kernel has not loaded the NVIDIA driver, though there is a GPU.

    Then there are no device files, and every framework says "Found no NVIDIA driver on your
    system". The GPU may also have been given to a virtual machine (vfio-pci).

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "container.kind": "none",
      "module.nvidia": "not loaded",
      "module.nouveau": "not loaded",
      "pci.gpus": "1"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "container.kind": "none",
      "module.nvidia": "535.104.05",
      "pci.gpus": "1",
      "pci.gpus.driver.vfio-pci": "1"
    }}
    ```

    ## Passes

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "container.kind": "none",
      "module.nvidia": "535.104.05",
      "pci.gpus": "1",
      "pci.gpus.driver.nvidia": "1"
    }}
    ```

    ## Fix

    `modprobe nvidia`; where that fails the driver is not installed, was built for another kernel,
    or is not signed for secure boot. Bind a GPU that vfio-pci holds back to the driver nvidia.
    """
    node = gpu_node(host)
    if not node["module.nvidia"]:
        raise Skip("the modules of the kernel could not be read")
    given_away = node.number("pci.gpus.driver.vfio-pci")
    if given_away:
        yield Problem(
            about="vfio-pci",
            message=f"{given_away} of {node['pci.gpus']} GPUs are held by vfio-pci, for virtual "
            "machines, and no program here can use them",
            location=host.location,
            fix="Bind them to the driver nvidia, or run in the virtual machine that has them.",
        )
    elif is_unloaded(node) and node["module.nouveau"] != "loaded":
        yield Problem(
            about="nvidia",
            message="the kernel has not loaded the module nvidia, though there is an NVIDIA GPU",
            location=host.location,
            fix="Run modprobe nvidia; where that fails, install the driver for this kernel.",
        )
