"""node/driver-mismatch."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.errors import Skip
from conda_preflight.facts.cuda_codes import CODES
from conda_preflight.grammar.node import Node, gpu_node
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
    others = other_versions(node)
    if not node["module.nvidia"] and not node["nvml.code"]:
        raise Skip("the version of the kernel module is not known")
    for version in sorted(set(others.values())):
        names = sorted(name for name in others if others[name] == version)
        yield _problem(node, names, version)
    if is_mismatch(node) and not others:
        yield Problem(
            about="NVML",
            message="NVML says that the driver's libraries and the kernel module differ in version",
            location=host.location,
            fix="Restart the machine: the driver was updated and the old module is still loaded.",
        )


def _problem(node: Node, names: list[str], version: str) -> Problem:
    """Libraries of one other version than the module's."""
    works = node.started == "0" and node["nvml.code"] != "18"
    is_unsure = not node.started and not node["nvml.code"]
    known = CODES.get(node.started) if node.started in _OF_VERSIONS else None
    paths = " and ".join(node[f"library.{name}"] for name in names)
    result = ": forward compatibility is in use" if works else ""
    result = f", so that cuInit returns {node.started}" if known else result
    return Problem(
        about=names[0],
        message=f"{paths} {'is' if len(names) == 1 else 'are'} of version {version}, and the "
        f"kernel module of {node['module.nvidia']}{result}",
        location=node.host.location,
        fix="Keep it only where a program needs that CUDA; an update of the driver is simpler."
        if works
        else known.fix
        if known
        else "Restart the machine, and remove copies of the driver's libraries from the image.",
        severity=Severity.NOTE if works else Severity.WARNING if is_unsure else None,
    )


_OF_VERSIONS = ("803", "804")
