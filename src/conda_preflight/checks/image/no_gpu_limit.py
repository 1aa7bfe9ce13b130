"""image/no-gpu-limit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.check import Skip, check
from conda_preflight.documents import Container, Project, Workload
from conda_preflight.grammar.gpu_amount import asks_gpu
from conda_preflight.grammar.gpu_environment import gpu_reason
from conda_preflight.grammar.pod_containers import named, whole
from conda_preflight.pattern import lazy_pattern
from conda_preflight.report import Problem, Severity

_MODEL_WORDS = lazy_pattern(
    r"(?i)\b(?:python3?|torchrun|accelerate|deepspeed|vllm|sglang|uvicorn|gunicorn|tritonserver)\b"
    r"|cuda|torch|text-generation|triton|llm"
)
_CPU = lazy_pattern(r"(?i)(?:^|[^a-z])cpu(?:[^a-z]|$)")


@check("image/no-gpu-limit", Severity.WARNING)
def no_gpu_limit(workload: Workload, project: Project) -> Iterator[Problem]:
    """The environment is made for a GPU, and no container of the project asks for one.

    Without a limit on `nvidia.com/gpu` (or `amd.com/gpu`, a MIG slice, a claimed device) the pod
    starts on any node and gets no GPU: the program fails, or runs on the CPU a hundred times
    slower. Looked at are workloads that by image or command run Python or a model server, and a
    workload that is the only one; none where any of the project asks for a GPU.

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
            limits: {memory: 16Gi}
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.example.org/conda-forge/linux-64/pytorch-2.7.1-cuda129_mkl_py311_h1_300.conda
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
            limits: {nvidia.com/gpu: 1}
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.example.org/conda-forge/linux-64/pytorch-2.7.1-cuda129_mkl_py311_h1_300.conda
    ```

    ```yaml pod.yaml
    apiVersion: v1
    kind: Pod
    metadata: {name: chat}
    spec:
      resourceClaims: [{name: gpu, resourceClaimTemplateName: one-gpu}]
      containers:
        - name: server
          image: registry.example.org/nlp/chat@sha256:0123456789abcdef
          resources:
            claims: [{name: gpu}]
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.example.org/conda-forge/linux-64/pytorch-2.7.1-cuda129_mkl_py311_h1_300.conda
    ```

    ## Fix

    `resources: {limits: {nvidia.com/gpu: 1}}`.
    """
    running = whole(workload)
    reason = gpu_reason(project)
    if not reason:
        raise Skip("nothing says that the environment uses a GPU")
    every = project.of(Workload)
    if any(asks_gpu(container) for each in every for container in each.containers):
        return
    found = [c for c in running if _MODEL_WORDS.search(_text(c))] or _lone(running, every)
    if found and not any(_CPU.search(_text(container)) for container in found):
        yield Problem(
            about=workload.title,
            message=f"{reason}, and {named(found[0])} of {workload.title} asks for no GPU",
            location=found[0].location,
            fix="Write `resources: {limits: {nvidia.com/gpu: 1}}`.",
        )


def _lone(running: Sequence[Container], every: Sequence[Workload]) -> list[Container]:
    return [*running[:1]] if len(running) == len(every) == 1 else []


def _text(container: Container) -> str:
    words = " ".join(word.text[:2000] for word in container.words)
    return f"{container.image.text if container.image else ''} {words}"
