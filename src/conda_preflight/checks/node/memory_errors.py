"""node/memory-errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.errors import Skip
from conda_preflight.grammar.node import gpu_node
from conda_preflight.report import Problem, Severity


@check("node/memory-errors", Severity.ERROR)
def memory_errors(host: Host) -> Iterator[Problem]:
    """The memory of a GPU has errors.

    A row that could not be replaced, many retired pages, or the driver's own word that the GPU
    must be reset are errors: programs end with "uncorrectable ECC error encountered". A
    replacement that waits for a reset and errors since the last start are warnings.

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA H100 80GB HBM3", "capability": "9.0", "memory_mib": 81559}
    ], "node": {
      "gpu.0.rows.failed": "yes",
      "gpu.0.rows.uncorrectable": "8",
      "nvml": "ok"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA H100 80GB HBM3", "capability": "9.0", "memory_mib": 81559}
    ], "node": {
      "gpu.0.rows.failed": "no",
      "gpu.0.rows.pending": "yes",
      "nvml": "ok"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA H100 80GB HBM3", "capability": "9.0", "memory_mib": 81559}
    ], "node": {
      "gpu.0.recovery": "drain and reset the GPU",
      "nvml": "ok"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA H100 80GB HBM3", "capability": "9.0", "memory_mib": 81559}
    ], "node": {
      "gpu.0.pages.retired": "64",
      "gpu.0.pages.pending": "no",
      "nvml": "ok"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA H100 80GB HBM3", "capability": "9.0", "memory_mib": 81559}
    ], "node": {
      "gpu.0.ecc.uncorrected": "2",
      "nvml": "ok"
    }}
    ```

    ## Passes

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA H100 80GB HBM3", "capability": "9.0", "memory_mib": 81559}
    ], "node": {
      "gpu.0.ecc.uncorrected": "0",
      "gpu.0.ecc.uncorrected_ever": "1",
      "gpu.0.rows.failed": "no",
      "gpu.0.rows.pending": "no",
      "gpu.0.recovery": "none",
      "nvml": "ok"
    }}
    ```

    ## Fix

    Drain the machine and reset the GPU (`nvidia-smi -r`), which lets waiting replacements happen.
    Have it changed when a replacement failed, or with 60 retired pages and more
    (https://docs.nvidia.com/deploy/dynamic-page-retirement and
    https://docs.nvidia.com/deploy/a100-gpu-mem-error-mgmt).
    """
    node = gpu_node(host)
    numbers = sorted({number for name in _NAMES for number in node.of_gpus(name)})
    if not numbers:
        raise Skip("no GPU says anything about its memory")
    for number in numbers:
        own = node.below(f"gpu.{number}.")
        if found := _worst(own):
            message, fix, severity = found
            yield Problem(
                about=f"GPU {number}",
                message=f"GPU {number}: {message}",
                location=host.location,
                fix=fix,
                severity=severity,
            )


_NAMES = ("rows.failed", "pages.retired", "recovery", "ecc.uncorrected", "rows.pending")
_CHANGE = "Have the GPU changed."
_RESET = "Drain the machine and reset the GPU with nvidia-smi -r."
_MANY_PAGES = 60
"""Source: https://docs.nvidia.com/deploy/dynamic-page-retirement."""


def _worst(own: Mapping[str, str]) -> tuple[str, str, Severity | None] | None:
    """What is worst about one GPU, what to do, and how much it weighs."""
    if own.get("rows.failed") == "yes":
        return "a broken row of its memory could not be replaced", _CHANGE, None
    pages = own.get("pages.retired", "")
    if pages.isdecimal() and int(pages) >= _MANY_PAGES:
        return f"{pages} pages of its memory are retired", _CHANGE, None
    if (recovery := own.get("recovery", "none")) not in ("none", "unknown"):
        return f"the driver asks to {recovery}", _RESET, None
    if "yes" in (own.get("rows.pending"), own.get("pages.pending")):
        return "broken memory is replaced at the next reset", _RESET, Severity.WARNING
    errors = own.get("ecc.uncorrected", "0")
    if errors not in ("", "0"):
        return f"{errors} uncorrected memory errors since it started", _RESET, Severity.WARNING
    return None
