"""node/denied-device-file."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.grammar.lock_file import some
from conda_preflight.grammar.node import gpu_node
from conda_preflight.grammar.node_causes import denied
from conda_preflight.report import Problem, Severity


@check("node/denied-device-file", Severity.ERROR)
def denied_device_file(host: Host) -> Iterator[Problem]:
    """The device files of the GPUs may not be opened by this person.

    The driver then says that there is no GPU. The files usually may be opened by everybody; some
    sites keep them for a group, such as video.

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "device.gpus": "1",
      "device.nvidia0": "denied",
      "device.nvidiactl": "usable"
    }}
    ```

    ## Passes

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "device.gpus": "1",
      "device.nvidia0": "usable",
      "device.nvidiactl": "usable",
      "device.nvidia-modeset": "denied"
    }}
    ```

    ## Fix

    Become a member of the group that owns the files and log in anew, or set
    `NVreg_DeviceFileMode=0666` for the module nvidia. In a rootless container pass the group
    (`--group-add keep-groups`). In a batch system ask for a GPU: it closes those that a job has
    not asked for.
    """
    node = gpu_node(host)
    files = denied(node)
    if files:
        yield Problem(
            about="/dev/nvidia",
            message=f"this person may not open {some(f'/dev/{name}' for name in files)}",
            location=host.location,
            fix="Join the group that owns them, or set NVreg_DeviceFileMode=0666 for the module; "
            "in a batch job, ask for a GPU.",
        )
