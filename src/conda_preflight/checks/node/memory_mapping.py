"""node/memory-mapping."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.errors import Skip
from conda_preflight.grammar.node import gpu_node
from conda_preflight.grammar.node_causes import is_memory_broken
from conda_preflight.report import Problem, Severity


@check("node/memory-mapping", Severity.ERROR)
def memory_mapping(host: Host) -> Iterator[Problem]:
    """The kernel and the driver do not agree on unified memory.

    On some kernels heterogeneous memory management fails together with addresses that are laid
    out at random (KASLR): nvidia-uvm cannot start, and CUDA ends with "initialization error" or
    "system not yet initialized" on a machine that has no NVSwitch. Only signs are a warning.

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "cuda.init": "3",
      "device.gpus": "1",
      "kernel_log.uvm_failed": "yes"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "cuda.init": "802",
      "device.gpus": "1",
      "module.nvidia_uvm.uvm_disable_hmm": "no",
      "pci.nvswitches": "0"
    }}
    ```

    ## Passes

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "cuda.init": "0",
      "device.gpus": "1",
      "module.nvidia_uvm.uvm_disable_hmm": "no"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "cuda.init": "802",
      "device.gpus": "8",
      "module.nvidia_uvm.uvm_disable_hmm": "no",
      "pci.nvswitches": "4"
    }}
    ```

    ## Fix

    Write `options nvidia_uvm uvm_disable_hmm=1` into a file of /etc/modprobe.d and reload the
    module, or start the kernel with `nokaslr`; a newer driver or kernel needs neither
    (https://docs.nvidia.com/cuda/cuda-toolkit-release-notes).
    """
    node = gpu_node(host)
    if not node.started and node["kernel_log"] != "read" and "kernel_log.uvm_failed" not in node:
        raise Skip("CUDA was not asked, and the log of the kernel could not be read")
    if is_memory_broken(node) and node.started != "0":
        is_sure = node["kernel_log.uvm_failed"] == "yes"
        yield Problem(
            about="nvidia-uvm",
            message="nvidia-uvm could not start, as its messages in the kernel's log say"
            if is_sure
            else f"cuInit returns {node.started} without an NVSwitch, and HMM is on, "
            "which fails with KASLR on some kernels",
            location=host.location,
            fix="Load the module with options nvidia_uvm uvm_disable_hmm=1, or update the driver.",
            severity=None if is_sure else Severity.WARNING,
        )
