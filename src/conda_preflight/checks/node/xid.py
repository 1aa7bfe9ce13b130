"""node/xid."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.errors import Skip
from conda_preflight.facts.xids import XIDS
from conda_preflight.grammar.node import gpu_node
from conda_preflight.report import Problem, Severity


@check("node/xid", Severity.ERROR)
def xid(host: Host) -> Iterator[Problem]:
    """The kernel's log tells of faults of a GPU.

    The driver writes a numbered message, Xid, for each fault. Numbers that speak of hardware are
    errors; those that a faulty program causes are notes.

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA H100 80GB HBM3", "capability": "9.0", "memory_mib": 81559}
    ], "node": {
      "kernel_log": "read",
      "xid.79": "1"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA H100 80GB HBM3", "capability": "9.0", "memory_mib": 81559}
    ], "node": {
      "kernel_log": "read",
      "xid.31": "3"
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
      "kernel_log": "read"
    }}
    ```

    ## Fix

    Take the machine out of use, and look at NVIDIA's catalogue of Xid errors
    (https://docs.nvidia.com/deploy/xid-errors). 79 and 48 usually end with another GPU.
    """
    node = gpu_node(host)
    if node["kernel_log"] != "read":
        raise Skip("the log of the kernel may not be read here")
    for code, count in sorted(node.below("xid.").items()):
        known = XIDS.get(int(code)) if code.isdecimal() else None
        meaning = f": {known.meaning}" if known else ""
        often = "" if count == "1" else f", {count} times"
        is_hardware = known is not None and known.is_hardware
        yield Problem(
            about=f"Xid {code}",
            message=f"the kernel's log has Xid {code}{often}{meaning}",
            location=host.location,
            fix="Take the machine out of use, and reset or change the GPU."
            if is_hardware
            else "Look for the program that ran then; the GPU itself is hardly at fault.",
            severity=None if is_hardware else Severity.NOTE,
        )
