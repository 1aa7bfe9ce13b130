"""node/missing-device-file."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.errors import Skip
from conda_preflight.grammar.node import gpu_node
from conda_preflight.grammar.node_causes import is_unloaded
from conda_preflight.report import Problem, Severity


@check("node/missing-device-file", Severity.ERROR)
def missing_device_file(host: Host) -> Iterator[Problem]:
    """A GPU of this machine has no device file.

    Programs reach a GPU through `/dev/nvidia0` (and so on) and `/dev/nvidiactl`. They are made
    when the driver starts; a small container image or a machine without nvidia-modprobe may lack
    them.

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "container.kind": "none",
      "device.gpus": "7",
      "device.nvidiactl": "usable",
      "module.nvidia": "535.104.05",
      "pci.gpus": "8",
      "pci.gpus.driver.nvidia": "8"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "container.kind": "docker",
      "device.gpus": "1",
      "device.nvidia0": "usable",
      "pci.gpus": "8"
    }}
    ```

    ## Passes

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "container.kind": "none",
      "device.gpus": "8",
      "device.nvidiactl": "usable",
      "module.nvidia": "535.104.05",
      "pci.gpus": "8",
      "pci.gpus.driver.nvidia": "8"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "container.kind": "docker",
      "device.gpus": "1",
      "device.nvidiactl": "usable",
      "module.nvidia": "535.104.05",
      "pci.gpus": "8"
    }}
    ```

    ## Fix

    Run `nvidia-smi` or `nvidia-modprobe` once as root, which makes the files. In a container,
    give it the GPUs with `--gpus` and do not pass single files by hand.
    """
    node = gpu_node(host)
    files = node.number("device.gpus")
    if files is None or is_unloaded(node):
        raise Skip("the driver is not loaded, or /dev could not be read")
    held = node.number("pci.gpus.driver.nvidia") or 0
    if files < held and not node.in_container:
        yield Problem(
            about="/dev/nvidia",
            message=f"the driver holds {held} GPUs, and {files} of them have a file /dev/nvidiaN",
            location=host.location,
            fix="Run nvidia-smi as root; where a file stays away, that GPU is lost.",
        )
    elif files and "device.nvidiactl" not in node:
        yield Problem(
            about="/dev/nvidiactl",
            message="/dev/nvidiactl is missing, without which no GPU can be opened",
            location=host.location,
            fix="Run nvidia-modprobe as root, or start the container with --gpus.",
        )
