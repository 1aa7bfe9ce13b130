"""image/small-shared-memory."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Container, Project, Workload
from conda_preflight.grammar.gpu_amount import gpus
from conda_preflight.grammar.gpu_environment import sharing
from conda_preflight.grammar.pod_containers import named, whole
from conda_preflight.report import Problem, Severity

_PLACE = "/dev/shm"  # noqa: S108  (looked for, never used)
_MOUNTED_BY = ("RayCluster", "RayJob", "RayService")
"""KubeRay mounts memory at /dev/shm by itself; source: its pod builder (``shared-mem``)."""


@check("image/small-shared-memory", Severity.WARNING)
def small_shared_memory(workload: Workload, project: Project) -> Iterator[Problem]:
    """Containers that pass data through shared memory get 64 MiB of it.

    That is what container runtimes give at /dev/shm. NCCL between GPUs, workers of data loaders and
    model servers use it, and end with "Bus error" or "No space left on device". Told where a
    container has several GPUs, or one GPU and packages such as torch, vllm and ray; a volume there
    that is not `medium: Memory` is a note. KubeRay mounts one by itself.

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
            limits: {nvidia.com/gpu: 4}
    ```

    ```yaml pod.yaml
    apiVersion: v1
    kind: Pod
    metadata: {name: chat}
    spec:
      containers:
        - name: server
          image: registry.example.org/nlp/chat@sha256:0123456789abcdef
          resources:
            limits: {nvidia.com/gpu: 1}
    ```

    ```yaml environment.yml
    name: chat_infer_prod
    dependencies: [python=3.11, pytorch=2.5]
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
            limits: {nvidia.com/gpu: 4}
          volumeMounts:
            - {name: shm, mountPath: /dev/shm}
      volumes:
        - name: shm
          emptyDir: {medium: Memory, sizeLimit: 16Gi}
    ```

    ## Fix

    An `emptyDir` with `medium: Memory` at /dev/shm, as above; what is in it counts as memory of
    the container.
    """
    if workload.resource in _MOUNTED_BY or _is_of_host(workload):
        return
    for container in whole(workload):
        said = _said(container, sharing(project))
        mounts = {path.rstrip("/"): volume for path, volume in container.mounts.items()}
        if not said or "/dev" in mounts:
            continue
        if _PLACE not in mounts:
            yield _problem(workload, container, f"has 64 MiB of shared memory for {said}", None)
        elif workload.volumes.get(mounts[_PLACE]) == ("emptyDir", ""):
            what = f"has a folder of its node's disk at {_PLACE} for {said}"
            yield _problem(workload, container, what, Severity.NOTE)


def _is_of_host(workload: Workload) -> bool:
    state = workload.settings.get("hostIPC")
    return bool(state and state.text == "true")


def _said(container: Container, package: str) -> str:
    count = gpus(container)
    if count > 1:
        return f"{count} GPUs"
    return package if count else ""


def _problem(
    workload: Workload, container: Container, what: str, severity: Severity | None
) -> Problem:
    return Problem(
        about=f"{workload.title}: {container.name}",
        message=f"In {workload.title} {named(container)} {what}",
        location=container.location,
        fix="Mount an emptyDir with `medium: Memory` at /dev/shm.",
        severity=severity,
    )
