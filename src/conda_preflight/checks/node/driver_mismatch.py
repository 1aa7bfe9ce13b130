"""node/driver-mismatch."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.errors import Skip
from conda_preflight.grammar.node import gpu_node
from conda_preflight.grammar.node_causes import is_mismatch, other_versions
from conda_preflight.report import Problem, Severity


@check("node/driver-mismatch", Severity.ERROR)
def driver_mismatch(host: Host) -> Iterator[Problem]:
    """The driver's libraries and its kernel module are of different versions.

    They must be of exactly the same version. They are not after an update of the driver without a
    restart, where libcuda was copied into an image, or where cuda-compat is on the loader's path.
    The signs are "Failed to initialize NVML: Driver/library version mismatch" and CUDA's error
    803. A newer libcuda of cuda-compat that does start is a note.

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "device.gpus": "1",
      "library.libcuda": "/lib/x86_64-linux-gnu/libcuda.so.1",
      "library.libcuda.version": "535.183.01",
      "module.nvidia": "535.104.05",
      "cuda.init": "803"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "device.gpus": "1",
      "nvml": "Driver/library version mismatch",
      "nvml.code": "18"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "device.gpus": "1",
      "library.libcuda": "/usr/local/cuda/compat/libcuda.so.1",
      "library.libcuda.version": "550.54.15",
      "module.nvidia": "535.104.05",
      "cuda.init": "0"
    }}
    ```

    ## Passes

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "device.gpus": "1",
      "library.libcuda": "/lib/x86_64-linux-gnu/libcuda.so.1",
      "library.libcuda.version": "535.104.05",
      "module.nvidia": "535.104.05"
    }}
    ```

    ## Fix

    Restart the machine, or unload and load the modules; keep packages of the driver from being
    updated by themselves. Take copies of libcuda and libnvidia-ml out of the image: the container
    toolkit mounts those of the machine.
    """
    node = gpu_node(host)
    module, others = node["module.nvidia"], other_versions(node)
    if not module and not node["nvml.code"]:
        raise Skip("the version of the kernel module is not known")
    for name, version in sorted(others.items()):
        works = name == "libcuda" and node.started == "0"
        unsure = not node.started and not node["nvml.code"]
        yield Problem(
            about=name,
            message=f"{node[f'library.{name}']} is of version {version}, and the kernel module of "
            + (f"{module}: forward compatibility is in use" if works else module),
            location=host.location,
            fix="Keep it only where a program needs that CUDA; an update of the driver is simpler."
            if works
            else "Restart the machine, and remove copies of the driver's libraries from the image.",
            severity=Severity.NOTE if works else Severity.WARNING if unsure else None,
        )
    if is_mismatch(node) and not others:
        yield Problem(
            about="NVML",
            message="NVML says that the driver's libraries and the kernel module differ in version",
            location=host.location,
            fix="Restart the machine: the driver was updated and the old module is still loaded.",
        )
