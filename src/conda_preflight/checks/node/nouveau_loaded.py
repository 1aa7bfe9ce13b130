"""node/nouveau-loaded."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.errors import Skip
from conda_preflight.grammar.node import gpu_node
from conda_preflight.grammar.node_causes import is_unloaded
from conda_preflight.report import Problem, Severity


@check("node/nouveau-loaded", Severity.ERROR)
def nouveau_loaded(host: Host) -> Iterator[Problem]:
    """The module nouveau holds the GPU, so that NVIDIA's driver cannot.

    nouveau is the kernel's own driver for graphics; it computes nothing, and only one driver can
    hold a GPU.

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "module.nouveau": "loaded",
      "module.nvidia": "not loaded",
      "pci.gpus": "1"
    }}
    ```

    ## Passes

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "node": {
      "module.nouveau": "not loaded",
      "module.nvidia": "535.104.05",
      "pci.gpus": "1"
    }}
    ```

    ## Fix

    Write `blacklist nouveau` and `options nouveau modeset=0` into
    `/etc/modprobe.d/blacklist-nouveau.conf`, make the initial RAM disk anew, and reboot.
    """
    node = gpu_node(host)
    if not node["module.nouveau"]:
        raise Skip("the modules of the kernel could not be read")
    holder = next((m for m in ("nouveau", "nova_core") if node[f"module.{m}"] == "loaded"), "")
    if holder and is_unloaded(node):
        yield Problem(
            about=holder,
            message=f"the kernel's own driver {holder} is loaded, and NVIDIA's is not",
            location=host.location,
            fix=f"Put {holder} on the blacklist of modprobe, and reboot.",
        )
