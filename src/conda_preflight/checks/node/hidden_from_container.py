"""node/hidden-from-container."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.errors import Skip
from conda_preflight.grammar.node import gpu_node
from conda_preflight.grammar.node_causes import hiding
from conda_preflight.report import Problem, Severity


@check("node/hidden-from-container", Severity.ERROR)
def hidden_from_container(host: Host) -> Iterator[Problem]:
    """A variable keeps the GPUs out of this container.

    The NVIDIA container toolkit reads NVIDIA_VISIBLE_DEVICES and NVIDIA_DRIVER_CAPABILITIES:
    `void`, `none` and an empty text give no GPU, and without `compute` there is no libcuda,
    though nvidia-smi works.

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "container.kind": "docker",
      "device.gpus": "0",
      "pci.gpus": "8",
      "variable.NVIDIA_VISIBLE_DEVICES": "void"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "container.kind": "docker",
      "device.gpus": "1",
      "library.libcuda": "not found",
      "variable.NVIDIA_DRIVER_CAPABILITIES": "utility"
    }}
    ```

    ## Passes

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "container.kind": "kubernetes",
      "device.gpus": "1",
      "library.libcuda": "/lib64/libcuda.so.1",
      "variable.NVIDIA_VISIBLE_DEVICES": "void"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "container.kind": "docker",
      "device.gpus": "1",
      "library.libcuda": "/lib64/libcuda.so.1",
      "variable.NVIDIA_DRIVER_CAPABILITIES": "compute,utility",
      "variable.NVIDIA_VISIBLE_DEVICES": "all"
    }}
    ```

    ## Fix

    `NVIDIA_VISIBLE_DEVICES=all` and `NVIDIA_DRIVER_CAPABILITIES=compute,utility`, in the image or
    for `docker run`. In Kubernetes ask for `nvidia.com/gpu`, and leave the variables alone.
    """
    node = gpu_node(host)
    if not node.in_container:
        raise Skip("this is no container")
    if name := hiding(node):
        wanted = "all" if name == "NVIDIA_VISIBLE_DEVICES" else "compute,utility"
        yield Problem(
            about=name,
            message=f"{name}={node.variable(name)} keeps "
            f"{'the GPUs' if wanted == 'all' else 'libcuda'} out of this container",
            location=host.location,
            fix=f"Set {name}={wanted}, or ask Kubernetes for nvidia.com/gpu.",
        )
