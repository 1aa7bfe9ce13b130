"""image/invalid-gpu-amount."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Container, Name, Workload
from conda_preflight.grammar.gpu_amount import is_gpu
from conda_preflight.grammar.pod_containers import containers, is_open
from conda_preflight.pattern import lazy_pattern
from conda_preflight.report import Problem, Severity

_PARTIAL = lazy_pattern(r"\d{0,6}\.\d{0,6}[1-9]\d{0,6}|\d{0,12}[1-9]\d{0,2}m(?<!000m)")


@check("image/invalid-gpu-amount", Severity.ERROR)
def invalid_gpu_amount(workload: Workload) -> Iterator[Problem]:
    """An amount of GPUs is one that Kubernetes refuses.

    GPUs are extended resources: they stand under `limits`, and where they stand under `requests`
    too, with the same amount; half a GPU there is not. Anything else is refused when it is applied,
    or, in objects of an operator such as a RayCluster, when the pods are made. Shares of a GPU have
    names of their own (`nvidia.com/mig-1g.10gb`).

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
            requests: {nvidia.com/gpu: 1}
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
            requests: {nvidia.com/gpu: 1}
            limits: {nvidia.com/gpu: 2}
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
            limits: {nvidia.com/gpu: 0.5}
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
            requests: {nvidia.com/gpu: "1", memory: 8Gi}
            limits: {nvidia.com/gpu: 1, memory: 16Gi}
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
            limits: {nvidia.com/mig-1g.10gb: 1}
    ```

    ## Fix

    `resources: {limits: {nvidia.com/gpu: 1}}`: the request is then the same by itself.
    """
    for container in containers(workload):
        for resource in dict.fromkeys((*container.limits, *container.requests)):
            found = _wrong(container, resource, workload) if is_gpu(resource) else None
            if found:
                amount, said = found
                yield Problem(
                    about=f"{workload.title}: {container.name} {resource}",
                    message=f"Kubernetes refuses this: {said}",
                    location=amount.location,
                    fix=f"Write whole `{resource}` under limits alone.",
                )


def _wrong(container: Container, resource: str, workload: Workload) -> tuple[Name, str] | None:
    asked, limit = container.requests.get(resource), container.limits.get(resource)
    given = [amount for amount in (limit, asked) if amount]
    if any(is_open(amount.text) for amount in given):
        return None
    for amount in given:
        if _PARTIAL.fullmatch(amount.text):
            return amount, f"{resource} is counted in whole ones, and {amount.text} is none"
    if asked and limit is None and not workload.is_part:
        return asked, f"{resource} is requested and has no limit"
    if (
        asked
        and limit
        and asked.text != limit.text
        and asked.text.isdigit()
        and limit.text.isdigit()
    ):
        return asked, f"{asked.text} {resource} are requested and {limit.text} are the limit"
    return None
