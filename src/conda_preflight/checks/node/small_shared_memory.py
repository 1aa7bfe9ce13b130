"""node/small-shared-memory."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Host
from conda_preflight.errors import Skip
from conda_preflight.grammar.node import node_of
from conda_preflight.report import Problem, Severity


@check("node/small-shared-memory", Severity.WARNING)
def small_shared_memory(host: Host, *, mib_per_gpu: int = 1024) -> Iterator[Problem]:
    """Shared memory (/dev/shm) is too small for what GPUs and workers pass.

    Docker gives 64 MiB. Workers of data loaders, NCCL and servers of models pass data through it,
    and end with "Bus error", "unable to open shared memory object" or "No space left on device".
    How much is needed is a judgement: 1 GiB for each GPU.

    ## Fails

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "shm_mib": 64, "gpus": [
      {"name": "NVIDIA H100 80GB HBM3", "capability": "9.0", "memory_mib": 81559}
    ], "node": {
      "container.kind": "docker"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "shm_mib": 64, "gpus": [

    ], "node": {
      "container.kind": "docker"
    }}
    ```

    ## Passes

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "shm_mib": 16384, "gpus": [
      {"name": "NVIDIA H100 80GB HBM3", "capability": "9.0", "memory_mib": 81559}
    ], "node": {
      "container.kind": "docker"
    }}
    ```

    ```toml preflight.toml
    targets = ["node.json"]
    ```

    ```json node.json
    {"schema": "conda-preflight/host/1", "shm_mib": 512, "gpus": [

    ], "node": {
      "container.kind": "docker"
    }}
    ```

    ## Fix

    `docker run --shm-size=16g` or `--ipc=host`; in Kubernetes an `emptyDir` with `medium: Memory`
    mounted at /dev/shm; in Compose `shm_size`.
    """
    node = node_of(host)
    if host.shm_mib is None:
        raise Skip("the size of /dev/shm is not known")
    count = node.gpu_count
    wanted = mib_per_gpu * count
    if host.shm_mib <= _DOCKER or host.shm_mib < wanted:
        many = f"{count} GPUs" if count > 1 else "a GPU" if count else "workers of a data loader"
        yield Problem(
            about="shared memory",
            message=f"shared memory, /dev/shm, has {host.shm_mib} MiB, too little for {many}",
            location=host.location,
            fix=f"Start the container with --shm-size={max(1, wanted // 1024)}g or --ipc=host.",
        )


_DOCKER = 64
"""MiB that Docker gives where nobody asks; source: https://docs.docker.com (docker run)."""
