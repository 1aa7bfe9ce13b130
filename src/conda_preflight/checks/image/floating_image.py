"""image/floating-image."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Container, Name, Project, Workload
from conda_preflight.grammar.image_name import BaseImage, image
from conda_preflight.grammar.kustomization import replaced_images
from conda_preflight.grammar.pod_containers import containers, is_open
from conda_preflight.pattern import lazy_pattern
from conda_preflight.report import Problem, Severity

_REFERENCE = lazy_pattern(
    r"(?:[A-Za-z0-9.-]{1,200}(?::\d{1,5})?/)?[a-z0-9][a-z0-9._/-]{0,250}(?::[\w.-]{1,128})?"
    r"(?:@[a-z0-9]{1,20}:[0-9a-fA-F.]{1,140})?"
)
_TO_FILL = lazy_pattern(r"[A-Z_]+")
"""A tag such as IMAGE_TAG, which a script replaces."""


@check("image/floating-image", Severity.WARNING)
def floating_image(workload: Workload, project: Project) -> Iterator[Problem]:
    """A workload runs an image that can change under its name.

    Without a tag, and with `latest`, each new pod may run another image, and two pods of one
    Deployment may differ: an error. Any other tag can be pushed again: a warning until a digest
    stands beside it. Names that are still to be filled in are not judged, nor are images to which
    a `kustomization.yaml` of the project gives another tag or a digest.

    ## Fails

    ```yaml deployment.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: chat}
    spec:
      template:
        spec:
          containers:
            - name: server
              image: registry.example.org/nlp/chat:latest
    ```

    ```yaml deployment.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: chat}
    spec:
      template:
        spec:
          containers:
            - name: server
              image: registry.example.org:5000/nlp/chat
    ```

    ```yaml pod.yaml
    apiVersion: v1
    kind: Pod
    metadata: {name: chat}
    spec:
      containers:
        - name: server
          image: registry.example.org/nlp/chat:1.4.2
    ```

    ## Passes

    ```yaml pod.yaml
    apiVersion: v1
    kind: Pod
    metadata: {name: chat}
    spec:
      containers:
        - name: server
          image: registry.example.org/nlp/chat:1.4.2@sha256:0123456789abcdef
        - name: log
          image: ${LOG_IMAGE}
    ```

    ```yaml pod.yaml
    apiVersion: v1
    kind: Pod
    metadata: {name: chat}
    spec:
      containers:
        - name: server
          image: chat
    ```

    ```yaml kustomization.yaml
    resources: [pod.yaml]
    images:
      - name: chat
        newName: registry.example.org/nlp/chat
        digest: sha256:0123456789abcdef
    ```

    ## Fix

    Write the digest: `image: registry.example.org/nlp/chat:1.4.2@sha256:...`. `docker buildx
    imagetools inspect IMAGE` shows it.
    """
    told: set[str] = set()
    replaced = replaced_images(project)
    for container in containers(workload):
        written = container.image
        if written and written.text not in told and _is_name(written.text):
            told.add(written.text)
            found = image(written.text, {}, 0, written.location)
            is_left = found.repository in replaced or _TO_FILL.fullmatch(found.tag)
            if not found.digest and not is_left:
                yield _problem(found, written, container, workload)


def _is_name(text: str) -> bool:
    return bool(_REFERENCE.fullmatch(text)) and not is_open(text)


def _problem(found: BaseImage, written: Name, container: Container, workload: Workload) -> Problem:
    is_moving = found.tag in ("", "latest")
    is_local = container.pull_policy == "Never"  # what the node has, nobody pushes it
    what = f"the tag `{found.tag}`" if found.tag else "no tag"
    said = "each new pod may run another image" if is_moving else "a tag can be pushed again"
    return Problem(
        about=f"{workload.title}: {found.repository}",
        message=f"The image {found.repository} has {what} and no digest, so {said}",
        location=written.location,
        fix=f"Write `{found.repository}:{'VERSION' if is_moving else found.tag}@sha256:...`.",
        severity=Severity.ERROR if is_moving and not is_local else None,
    )
