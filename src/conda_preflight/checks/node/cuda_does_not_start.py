"""node/cuda-does-not-start."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.errors import Skip
from conda_preflight.facts.cuda_codes import CODES
from conda_preflight.grammar.node import gpu_node
from conda_preflight.grammar.node_causes import is_told_elsewhere
from conda_preflight.report import Problem, Severity


@check("node/cuda-does-not-start", Severity.ERROR)
def cuda_does_not_start(host: Host) -> Iterator[Problem]:
    """CUDA cannot be started on this machine.

    Every framework first calls cuInit; when that fails, `torch.cuda.is_available()` is False,
    whatever is installed. The number that it returns tells the kind of fault. Where another rule
    sees the cause itself, as a missing device file, it tells that and this one is silent.

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "cuda.init": "804",
      "device.gpus": "1",
      "device.nvidia-uvm": "usable"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "cuda.init": "805",
      "device.gpus": "1",
      "device.nvidia-uvm": "usable"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "cuda.init": "no answer in 30 seconds after cuda.version",
      "device.gpus": "1",
      "device.nvidia-uvm": "usable"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "cuda.init": "not found: libcuda.so.1",
      "device.gpus": "1",
      "device.nvidia-uvm": "usable"
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
      "device.nvidia-uvm": "usable"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "cuda.init": "100",
      "device.gpus": "1",
      "device.nvidia-uvm": "usable",
      "variable.CUDA_VISIBLE_DEVICES": ""
    }}
    ```

    ## Fix

    What the finding says: each code has a remedy of its own.
    """
    node = gpu_node(host)
    if not node.started:
        raise Skip("CUDA was not asked")
    if node.started != "0" and not is_told_elsewhere(node):
        message, fix = _told(node.started)
        yield Problem(about="cuInit", message=message, location=host.location, fix=fix)


def _told(answer: str) -> tuple[str, str]:
    """What happened and what to do, for a code or for what kept it from coming."""
    if found := CODES.get(answer):
        return f"cuInit returns {answer} ({found.name}): {found.cause}", found.fix
    if answer.startswith("not found"):
        return (
            "libcuda.so.1 is not found, though there is a GPU",
            "Install the driver's libraries; a container needs NVIDIA_DRIVER_CAPABILITIES=all.",
        )
    if answer.isdecimal():
        return f"cuInit returns {answer}", "Look for that number among the errors of CUresult."
    return (
        f"cuInit gave no result: {answer}",
        "Look at the messages of the kernel (dmesg), and start the machine anew.",
    )
