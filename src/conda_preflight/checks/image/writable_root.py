"""image/writable-root."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Workload
from conda_preflight.grammar.pod_containers import named, whole
from conda_preflight.report import Problem, Severity


@check("image/writable-root", Severity.NOTE)
def writable_root(workload: Workload) -> Iterator[Problem]:
    """The environment in a running container can be changed.

    Without `readOnlyRootFilesystem` a `pip install` in a running pod, or whoever got into the
    model server, changes the packages that were locked and scanned, and nobody sees it.

    ## Fails

    ```yaml pod.yaml
    apiVersion: v1
    kind: Pod
    metadata: {name: chat}
    spec:
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
          securityContext: {readOnlyRootFilesystem: true}
          volumeMounts: [{name: tmp, mountPath: /tmp}]
      volumes:
        - name: tmp
          emptyDir: {}
    ```

    ## Fix

    `securityContext: {readOnlyRootFilesystem: true}`, and an `emptyDir` for what is written:
    `/tmp`, the cache of models, `~/.cache`.
    """
    for container in whole(workload):
        state = container.security.get("readOnlyRootFilesystem")
        if state is None or state.text == "false":
            yield Problem(
                about=f"{workload.title}: {container.name}",
                message=f"In {named(container)} of {workload.title} the root file system can be "
                "written, and the environment with it",
                location=state.location if state else container.location,
                fix="Write `readOnlyRootFilesystem: true` into its securityContext, and mount an "
                "emptyDir at /tmp.",
            )
            return
