"""image/privileged-container."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Workload
from conda_preflight.grammar.pod_containers import containers, named
from conda_preflight.report import Problem, Severity


@check("image/privileged-container", Severity.WARNING)
def privileged_container(workload: Workload) -> Iterator[Problem]:
    """A container has the rights of its node.

    `privileged: true` gives every device and every right of root on the node, `hostPID` shows all
    its processes and their environment. Neither is needed for a GPU: a limit on `nvidia.com/gpu`
    brings the devices. In a DaemonSet, which often looks after the node, it is a note.

    ## Fails

    ```yaml pod.yaml
    apiVersion: v1
    kind: Pod
    metadata: {name: chat}
    spec:
      containers:
        - name: server
          image: registry.example.org/nlp/chat@sha256:0123456789abcdef
          securityContext: {privileged: true}
    ```

    ```yaml pod.yaml
    apiVersion: v1
    kind: Pod
    metadata: {name: chat}
    spec:
      hostPID: true
      containers:
        - name: server
          image: registry.example.org/nlp/chat@sha256:0123456789abcdef
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
          securityContext: {privileged: false, capabilities: {add: [IPC_LOCK]}}
          resources:
            limits: {nvidia.com/gpu: 1}
    ```

    ## Fix

    Leave it out; add the one capability that is needed (`IPC_LOCK` for RDMA).
    """
    weight = Severity.NOTE if workload.resource == "DaemonSet" else None
    for container in containers(workload):
        state = container.security.get("privileged")
        if state and state.text == "true":
            yield Problem(
                about=f"{workload.title}: {container.name}",
                message=f"{workload.title} may do on its node what root may: {named(container)} is "
                "privileged",
                location=state.location,
                fix="Leave `privileged` out, and add the capability that is needed.",
                severity=weight,
            )
    state = workload.settings.get("hostPID")
    if state and state.text == "true":
        yield Problem(
            about=f"{workload.title}: hostPID",
            message=f"{workload.title} sees all processes of its node, and what they were "
            "started with",
            location=state.location,
            fix="Leave `hostPID` out.",
            severity=weight,
        )
