"""node/debugging-variable."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.facts.node_variables import DEBUGGING, MEANT_WHEN_ZERO, OFF
from conda_preflight.grammar.node import node_of
from conda_preflight.report import Problem, Severity


@check("node/debugging-variable", Severity.WARNING)
def debugging_variable(host: Host) -> Iterator[Problem]:
    """A variable for debugging slows or restricts what runs on GPUs.

    They are set to find a fault, and forgotten: each kernel is then waited for, a tool is loaded
    into each program, or transfers between GPUs take a slow way. NCCL's are notes, since some
    machines need them.

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "variable.CUDA_LAUNCH_BLOCKING": "1"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "variable.NCCL_P2P_DISABLE": "1"
    }}
    ```

    ## Passes

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "variable.CUDA_LAUNCH_BLOCKING": "0",
      "variable.NCCL_NVLS_ENABLE": "1"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "cpu.count": "8"
    }}
    ```

    ## Fix

    Unset it where the program is started.
    """
    node = node_of(host)
    for name, (effect, _) in DEBUGGING.items():
        value = node.variable(name)
        if value is None or not value:
            continue
        is_off = value.lower() in OFF
        if is_off is (name in MEANT_WHEN_ZERO):
            yield Problem(
                about=name,
                message=f"{name}={value}: {effect}",
                location=host.location,
                fix=f"Unset {name}.",
                severity=Severity.NOTE if name.startswith("NCCL_") else None,
            )
