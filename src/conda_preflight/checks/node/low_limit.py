"""node/low-limit."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.documents.host import UNLIMITED
from conda_preflight.grammar.node import Node, node_of
from conda_preflight.report import Problem, Severity


@check("node/low-limit", Severity.WARNING)
def low_limit(host: Host) -> Iterator[Problem]:
    """A limit of the process is too low for training or serving.

    With InfiniBand, memory must be locked for transfers: a limit ends with "ibv_reg_mr failed:
    Cannot allocate memory". 1024 open files are too few for data loaders with many workers, a
    note. NCCL's threads take the limit of the stack as their size, so an unlimited one is a note,
    too.

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "memlock_kib": 64, "node": {
      "device.infiniband": "yes",
      "limit.memlock": "65536"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "limit.nofile": "1024"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "gpus": [
      {"name": "NVIDIA H100 80GB HBM3", "capability": "9.0", "memory_mib": 81559}
    ], "node": {
      "limit.stack": "unlimited"
    }}
    ```

    ## Passes

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "memlock_kib": "unlimited", "node": {
      "device.infiniband": "yes",
      "limit.memlock": "unlimited",
      "limit.nofile": "65536",
      "limit.stack": "8388608"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "memlock_kib": 64, "node": {
      "limit.nofile": "65536"
    }}
    ```

    ## Fix

    `--ulimit memlock=-1 --ulimit nofile=65536` for containers, `LimitMEMLOCK=infinity` in a
    service, `/etc/security/limits.conf` and a new login elsewhere.
    """
    node = node_of(host)
    for name, message, fix, severity in _faults(node):
        yield Problem(
            about=name, message=message, location=host.location, fix=fix, severity=severity
        )


_FEW_FILES = 1024


def _faults(node: Node) -> Iterator[tuple[str, str, str, Severity]]:
    """Name, what is wrong, a remedy and the weight of each limit that is too low."""
    locked = node.host.memlock_kib
    if node["device.infiniband"] == "yes" and locked is not None and locked < UNLIMITED:
        said = f"only {locked} KiB may be locked, and InfiniBand needs all"
        yield "memlock", said, "Set the limit to unlimited (--ulimit memlock=-1).", Severity.WARNING
    files = node.number("limit.nofile")
    if files is not None and files <= _FEW_FILES:
        said = f"only {files} files may be open, few for many workers"
        yield "nofile", said, "Set the limit to 65536 (--ulimit nofile=65536).", Severity.NOTE
    if node["limit.stack"] == "unlimited" and node.gpu_count:
        said = "the stack is unlimited, so that each thread of NCCL may take a huge one"
        yield "stack", said, "Set the limit to 8 MiB (--ulimit stack=8388608).", Severity.NOTE
