"""node/container-toolkit."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.errors import Skip
from conda_preflight.grammar.node import gpu_node
from conda_preflight.report import Problem, Severity


@check("node/container-toolkit", Severity.WARNING)
def container_toolkit(host: Host) -> Iterator[Problem]:
    """Containers of this machine cannot use its GPUs.

    A container engine is installed and the NVIDIA container toolkit is not, or the engine does
    not know it: `docker run --gpus all` then ends with "could not select device driver". Without
    links in `/dev/char`, containers lose their GPUs when systemd is reloaded; that is a note.

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "container.engine": "dockerd",
      "container.kind": "none",
      "container.toolkit": "no",
      "device.gpus": "8"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "container.configured": "no",
      "container.engine": "dockerd",
      "container.kind": "none",
      "container.toolkit": "yes",
      "device.gpus": "8"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "container.configured": "yes",
      "container.engine": "dockerd",
      "container.kind": "none",
      "container.toolkit": "yes",
      "device.char": "no",
      "device.gpus": "8"
    }}
    ```

    ## Passes

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "container.configured": "yes",
      "container.engine": "dockerd",
      "container.kind": "none",
      "container.toolkit": "yes",
      "device.char": "yes",
      "device.gpus": "8"
    }}
    ```

    ## Fix

    Install nvidia-container-toolkit, then `nvidia-ctk runtime configure --runtime=docker` and a
    restart of the engine. The links come by `nvidia-ctk system create-dev-char-symlinks
    --create-all`.
    """
    node = gpu_node(host)
    engine = node["container.engine"]
    if not engine or node.in_container:
        raise Skip("no container engine was seen here")
    message, fix, severity = "", "", Severity.WARNING
    if node["container.toolkit"] == "no":
        message = f"{engine} is installed and the NVIDIA container toolkit is not"
        fix = "Install nvidia-container-toolkit, and run nvidia-ctk runtime configure."
    elif node["container.configured"] == "no":
        message = f"{engine} was not told of the NVIDIA container toolkit"
        fix = "Run nvidia-ctk runtime configure, and restart the engine."
    elif node["device.char"] == "no":
        message = "the GPUs have no links in /dev/char: containers lose them when systemd reloads"
        fix = "Run nvidia-ctk system create-dev-char-symlinks --create-all at each start."
        severity = Severity.NOTE
    if message:
        yield Problem(
            about="toolkit", message=message, location=host.location, fix=fix, severity=severity
        )
