"""image/runs-as-root."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Container, Dockerfile, Location, Workload
from conda_preflight.grammar.final_image import final_instructions, last_starts
from conda_preflight.grammar.image_name import base_images
from conda_preflight.grammar.pod_containers import named, secured, whole
from conda_preflight.report import Problem, Severity

_OTHER_USER = ("mambaorg/micromamba", "jupyter/base-notebook", "jupyter/scipy-notebook", ":nonroot")


@check("image/runs-as-root", Severity.WARNING)
def runs_as_root(image: Dockerfile | Workload) -> Iterator[Problem]:
    """The program in an image or a pod runs as root.

    A fault in the model server is then a fault of root's: it may change the environment, and more
    on a host that does not map users. Clusters that enforce the restricted profile refuse the
    image. In a pod `runAsNonRoot` or `runAsUser` forbids it, whatever the image says; containers
    that prepare a pod are not judged, nor are pods with users of their own (`hostUsers: false`).

    ## Fails

    ```dockerfile Dockerfile
    FROM debian:12-slim
    CMD ["python", "serve.py"]
    ```

    ```dockerfile Dockerfile
    FROM debian:12-slim
    USER app
    USER root
    CMD ["python", "serve.py"]
    ```

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

    ```dockerfile Dockerfile
    FROM debian:12-slim
    USER 65532:65532
    CMD ["python", "serve.py"]
    ```

    ```dockerfile Dockerfile
    FROM mambaorg/micromamba:2.0.5
    CMD ["python", "serve.py"]
    ```

    ```dockerfile Dockerfile
    FROM debian:12-slim
    RUN true
    ```

    ```yaml pod.yaml
    apiVersion: v1
    kind: Pod
    metadata: {name: chat}
    spec:
      securityContext: {runAsNonRoot: true}
      containers:
        - name: server
          image: registry.example.org/nlp/chat@sha256:0123456789abcdef
    ```

    ## Fix

    `USER 65532:65532` before `CMD`: a number, since Kubernetes cannot check a name. In a pod
    `securityContext: {runAsNonRoot: true}`.
    """
    yield from _in_image(image) if isinstance(image, Dockerfile) else _in_pod(image)


def _in_image(dockerfile: Dockerfile) -> Iterator[Problem]:
    starts = last_starts(dockerfile)
    if not starts:
        return
    users = [i for i in final_instructions(dockerfile) if i.keyword == "USER"]
    if users:
        name = users[-1].value.strip().partition(":")[0].strip("\"'")
        if name in ("root", "0"):
            yield _problem(f"The last USER is {name}", users[-1].location)
        return
    bases = list(base_images(dockerfile))
    if not bases or (bases[-1].is_known and not bases[-1].repository.endswith(_OTHER_USER)):
        yield _problem("No USER is set", starts[-1].location)


def _in_pod(workload: Workload) -> Iterator[Problem]:
    """The first container that is root for sure, else the first that nothing forbids it."""
    running = whole(workload)
    apart = workload.settings.get("hostUsers")
    if apart and apart.text == "false":
        return
    roots = [(c, user) for c in running if (user := secured(workload, c, "runAsUser"))]
    sure = [(c, user.location) for c, user in roots if user.text == "0"]
    free = [(c, c.location) for c in running if not _is_forbidden(workload, c)]
    for container, place in (sure or free)[:1]:
        said = "has runAsUser 0" if sure else "sets neither runAsNonRoot nor runAsUser"
        yield Problem(
            about=f"{workload.title}: {container.name}",
            message=f"In {workload.title} {named(container)} {said}, so the program "
            f"{'runs' if sure else 'may run'} as root",
            location=place,
            fix="Write `runAsNonRoot: true` into its securityContext, or `runAsUser: 65532`.",
        )


def _is_forbidden(workload: Workload, container: Container) -> bool:
    state = secured(workload, container, "runAsNonRoot")
    user = secured(workload, container, "runAsUser")
    return user is not None or (state is not None and state.text != "false")


def _problem(said: str, place: Location) -> Problem:
    return Problem(
        about="USER",
        message=f"{said}, so the program runs as root",
        location=place,
        fix="Add `USER 65532:65532` before CMD, and give that user what it must write.",
    )
