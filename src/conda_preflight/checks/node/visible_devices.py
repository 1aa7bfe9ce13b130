"""node/visible-devices."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.grammar.node import gpu_node
from conda_preflight.grammar.node_causes import all_hidden
from conda_preflight.report import Problem, Severity


@check("node/visible-devices", Severity.ERROR)
def visible_devices(host: Host) -> Iterator[Problem]:
    """CUDA_VISIBLE_DEVICES hides GPUs, or is not read as it is meant.

    CUDA reads the list up to its first entry that names no GPU and hides the rest; an empty text
    or -1 hides all. A GPU that stands twice hides all, too. Names of MIG instances are a warning:
    several frameworks read numbers only ("invalid literal for int()").

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA H100 80GB HBM3"},
      {"name": "NVIDIA H100 80GB HBM3"}
    ], "node": {
      "variable.CUDA_VISIBLE_DEVICES": ""
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
      "variable.CUDA_VISIBLE_DEVICES": "-1"
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
      "variable.CUDA_VISIBLE_DEVICES": "0,2,1"
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
      "variable.CUDA_VISIBLE_DEVICES": "1,1"
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
      "variable.CUDA_VISIBLE_DEVICES": "MIG-***"
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
      "variable.CUDA_VISIBLE_DEVICES": "0,1"
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
      "variable.CUDA_VISIBLE_DEVICES": "1"
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
      "variable.CUDA_VISIBLE_DEVICES": "GPU-***"
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
      "nvml": "ok"
    }}
    ```

    ## Fix

    Unset it, or name GPUs of `nvidia-smi -L` by number, each once. Batch systems set it for their
    jobs: ask them for GPUs instead.
    """
    node = gpu_node(host)
    value = node.variable("CUDA_VISIBLE_DEVICES")
    if value is not None and (found := _fault(value, len(host.gpus or ()))):
        yield Problem(
            about="CUDA_VISIBLE_DEVICES",
            message=f"CUDA_VISIBLE_DEVICES={value} {found}",
            location=host.location,
            fix="Unset it, or name GPUs of nvidia-smi -L by number, each once.",
            severity=Severity.WARNING if value.startswith("MIG-") else None,
        )


def _fault(value: str, count: int) -> str:
    """What is wrong with a list of devices, where so many are known (0 for unknown)."""
    if all_hidden(value):
        return "hides every GPU"
    words = [word.strip() for word in value.split(",")]
    if value.startswith("MIG-"):
        return "names a MIG instance, and several frameworks read numbers only"
    if not all(word.isdecimal() for word in words):
        return ""
    if len(set(words)) < len(words):
        return "names a GPU twice, which hides every GPU"
    beyond = next((word for word in words if count and len(word) < 9 and int(word) >= count), "")  # noqa: PLR2004
    return f"ends at {beyond}, since the GPUs are 0 to {count - 1}" if beyond else ""
