"""node/nvml-fails."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.errors import Skip
from conda_preflight.grammar.node import gpu_node
from conda_preflight.grammar.node_causes import denied, is_mismatch, is_outside, is_unloaded
from conda_preflight.report import Problem, Severity


@check("node/nvml-fails", Severity.ERROR)
def nvml_fails(host: Host) -> Iterator[Problem]:
    """NVIDIA's management library cannot be started.

    nvidia-smi, exporters of metrics and frameworks ask NVML; where it fails, GPUs are usually
    lost to the process. "Unknown Error" in a container that had GPUs before comes from a reload
    of systemd, which writes the container's rules for devices anew. Where another rule sees the
    cause this one is silent.

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "container.kind": "docker",
      "device.gpus": "1",
      "device.nvidia-uvm": "usable",
      "nvml": "Unknown Error",
      "nvml.code": "999"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "container.kind": "none",
      "device.gpus": "1",
      "device.nvidia-uvm": "usable",
      "nvml": "no answer in 30 seconds after gpu.3.name"
    }}
    ```

    ## Passes

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "device.gpus": "1",
      "device.nvidia-uvm": "usable",
      "nvml": "ok"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "device.gpus": "1",
      "device.nvidia-uvm": "usable",
      "nvml": "Driver/library version mismatch",
      "nvml.code": "18"
    }}
    ```

    ## Fix

    In a container: restart it, and make the links in `/dev/char` on the machine (`nvidia-ctk
    system create-dev-char-symlinks --create-all`), or use CDI. Elsewhere look at the kernel's
    messages, and restart.
    """
    node = gpu_node(host)
    said = node["nvml"]
    if not said or said.startswith("not asked"):
        raise Skip(f"NVML was {said}" if said else "NVML was not asked")
    if said == "ok" or is_unloaded(node) or is_mismatch(node) or denied(node) or is_outside(node):
        return
    is_missing = said.startswith("not found")
    fix = "Look at the messages of the kernel (dmesg), and restart the machine."
    if is_missing:
        fix = "Install it with the driver; a container needs NVIDIA_DRIVER_CAPABILITIES=utility."
    elif node.in_container and node["nvml.code"] == "999":
        fix = "Restart the container; on the machine, make the links in /dev/char with nvidia-ctk."
    yield Problem(
        about="NVML",
        message="libnvidia-ml.so.1 is not found, though there is a GPU"
        if is_missing
        else f"NVML {'does not start' if node['nvml.code'] else 'gives no whole answer'}: {said}",
        location=host.location,
        fix=fix,
        severity=Severity.WARNING if is_missing else None,
    )
