"""image/no-memory-limit."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Workload
from conda_preflight.grammar.pod_containers import named, whole
from conda_preflight.report import Problem, Severity


@check("image/no-memory-limit", Severity.NOTE)
def no_memory_limit(workload: Workload) -> Iterator[Problem]:
    """A container may use all the memory of its node.

    Loading a model takes its size in memory, a leak takes what there is; without a limit the
    kernel of the node then ends some process, maybe of another pod.

    ## Fails

    ```yaml pod.yaml
    apiVersion: v1
    kind: Pod
    metadata: {name: chat}
    spec:
      containers:
        - name: server
          image: registry.example.org/nlp/chat@sha256:0123456789abcdef
          resources:
            requests: {memory: 16Gi}
    ```

    ## Passes

    ```yaml pod.yaml
    apiVersion: v1
    kind: Pod
    metadata: {name: chat}
    spec:
      containers:
        - name: server
          image: registry.example.org/nlp/chat@sha256:0123456789abcdef
          resources:
            limits: {memory: 32Gi}
    ```

    ## Fix

    `resources: {limits: {memory: ...}}`: the weights as they lie on the disk, and what the program
    takes besides.
    """
    for container in whole(workload):
        if "memory" not in container.limits and "memory" not in workload.limits:
            yield Problem(
                about=f"{workload.title}: {container.name}",
                message=f"Nothing bounds the memory of {named(container)} of {workload.title}",
                location=container.location,
                fix="Write `resources: {limits: {memory: ...}}`.",
            )
