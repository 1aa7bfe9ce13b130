"""node/no-gpu-in-container."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.errors import Skip
from conda_preflight.grammar.node import gpu_node
from conda_preflight.grammar.node_causes import hiding, is_outside
from conda_preflight.report import Problem, Severity


@check("node/no-gpu-in-container", Severity.WARNING)
def no_gpu_in_container(host: Host) -> Iterator[Problem]:
    """The machine has GPUs, and this container was given none.

    The bus shows GPUs, and there is no file of the driver: the container was started without the
    NVIDIA runtime, or without asking for a GPU.

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "container.kind": "docker",
      "container.gpu_mounts": "0",
      "device.gpus": "0",
      "pci.gpus": "8"
    }}
    ```

    ## Passes

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "container.kind": "docker",
      "container.gpu_mounts": "9",
      "device.gpus": "8",
      "device.nvidiactl": "usable",
      "pci.gpus": "8"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "container.kind": "none",
      "device.gpus": "8",
      "device.nvidiactl": "usable",
      "pci.gpus": "8"
    }}
    ```

    ## Fix

    Install nvidia-container-toolkit, run `nvidia-ctk runtime configure`, restart the engine, and
    start the container with `--gpus all`; with Podman `--device nvidia.com/gpu=all`; with
    Apptainer `--nv`; in Kubernetes set `resources.limits` `nvidia.com/gpu`, and
    `runtimeClassName: nvidia` where that is not the default.
    """
    node = gpu_node(host)
    if not node["container.kind"]:
        raise Skip("it is not known whether this is a container")
    if is_outside(node) and not hiding(node):
        kind = node["container.kind"]
        yield Problem(
            about="container",
            message=f"the machine has {node['pci.gpus']} GPUs, this container ({kind}) has none",
            location=host.location,
            fix=_HOW.get(kind, "Start the container with --gpus all, by nvidia-container-toolkit."),
        )


_HOW = {
    "kubernetes": "Ask for nvidia.com/gpu in the limits of the pod, with the RuntimeClass nvidia.",
    "podman": "Start it with --device nvidia.com/gpu=all.",
    "apptainer": "Start it with --nv.",
    "lxc": "Pass the device files /dev/nvidia* to the container.",
}
