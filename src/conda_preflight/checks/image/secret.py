"""image/secret."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Dockerfile, Instruction, Location, Workload
from conda_preflight.grammar.pod_containers import containers, is_open
from conda_preflight.grammar.secret_value import (
    holds_secret,
    is_secret_name,
    is_weak,
    is_written_out,
    shows_secret,
)
from conda_preflight.pattern import lazy_pattern
from conda_preflight.report import Problem, Severity

_PAIR = lazy_pattern(r"(\w{1,100})=(\"[^\"\n]{0,500}\"|'[^'\n]{0,500}'|\S{0,500})")
_IN_URL = lazy_pattern(r"https?://[^\s/@:]{1,100}:([^\s/@]{1,200})@")
_SHOWN = ("RUN", "ENV", "ARG", "ADD")


@check("image/secret", Severity.ERROR)
def secret(image: Dockerfile | Workload) -> Iterator[Problem]:
    """A password, token or key is written into an image or a workload.

    `ENV` and the defaults of `ARG` stand in the image's history for everybody who can pull it,
    also after a later line unsets them; so do credentials in the URL of an index. An argument that
    takes a secret at build time is told as a warning: its value stands in the history too.
    A literal value of a variable in a manifest is known to all who read the repository or may look
    at pods; where it is words alone, which may be the name of a secret, it is a warning.

    ## Fails

    ```dockerfile Dockerfile
    FROM debian:12-slim
    ENV HF_TOKEN=hf_abcdefghijklmnopqrstuvwxyz0123
    CMD ["python", "serve.py"]
    ```

    ```dockerfile Dockerfile
    FROM python:3.11-slim
    RUN pip install \
     --no-cache-dir --extra-index-url https://someone:hunter2hunter2@example.org/simple model==1.0
    ```

    ```dockerfile Dockerfile
    FROM debian:12-slim
    ARG AWS_SECRET_ACCESS_KEY
    RUN true
    ```

    ```yaml pod.yaml
    apiVersion: v1
    kind: Pod
    metadata: {name: chat}
    spec:
      containers:
        - name: server
          image: registry.example.org/nlp/chat@sha256:0123456789abcdef
          env: [{name: HF_TOKEN, value: hf_abcdefghijklmnopqrstuvwxyz0123}]
    ```

    ## Passes

    ```dockerfile Dockerfile
    FROM debian:12-slim
    ENV HF_TOKEN=""
    ENV TOKENIZERS_PARALLELISM=false
    CMD ["python", "serve.py"]
    ```

    ```dockerfile Dockerfile
    FROM python:3.11-slim
    RUN --mount=type=secret,id=pip,target=/root/.config/pip/pip.conf pip \
     install --no-cache-dir model==1.0
    ```

    ```dockerfile Dockerfile
    FROM debian:12-slim
    ENV API_KEY_FILE=/run/secrets/key
    ARG CACHE_KEY=v1
    ```

    ```yaml pod.yaml
    apiVersion: v1
    kind: Pod
    metadata: {name: chat}
    spec:
      containers:
        - name: server
          image: registry.example.org/nlp/chat@sha256:0123456789abcdef
          env:
            - name: HF_TOKEN
              valueFrom: {secretKeyRef: {name: hugging-face, key: token}}
            - {name: API_KEY_FILE, value: /run/secrets/key}
    ```

    ## Fix

    `RUN --mount=type=secret,id=NAME`: the value is there for that command and in no layer.
    In a manifest `valueFrom: {secretKeyRef: ...}`.
    """
    yield from _in_image(image) if isinstance(image, Dockerfile) else _in_pod(image)


def _in_image(dockerfile: Dockerfile) -> Iterator[Problem]:
    for instruction in dockerfile.instructions:
        if instruction.keyword in ("ENV", "ARG"):
            yield from _values(instruction)
        found = _IN_URL.search(instruction.value) if instruction.keyword in _SHOWN else None
        if found and not found[1].startswith(("$", "{", "<", "%")):
            yield _problem(instruction, "a URL", "A URL holds a password")


def _in_pod(workload: Workload) -> Iterator[Problem]:
    for container in containers(workload):
        for name, value in container.variables:
            if holds_secret(name.text, value) and not is_open(value):
                yield _shown(workload, name.text, name.location, is_weak=is_weak(value))
        for word in container.words:
            if shows_secret(word.text):
                yield _shown(workload, "A secret in the command", word.location, is_weak=False)


def _shown(workload: Workload, name: str, place: Location, *, is_weak: bool) -> Problem:
    return Problem(
        about=f"{workload.title}: {name}",
        message=f"{name} of {workload.title} is written into the manifest, for all who may read it",
        location=place,
        fix="Put it into a Secret and write `valueFrom: {secretKeyRef: ...}`. Change it: it is "
        "known.",
        severity=Severity.WARNING if is_weak else None,
    )


def _values(instruction: Instruction) -> Iterator[Problem]:
    for name, value in _PAIR.findall(instruction.value):
        if is_secret_name(name) and is_written_out(value):
            yield _problem(instruction, name, f"{name} is written into the image")
    lone = instruction.value.strip()
    if instruction.keyword == "ARG" and "=" not in lone and is_secret_name(lone):
        yield _problem(
            instruction,
            lone,
            f"The value of {lone} will stand in the history of the image",
            Severity.WARNING,
        )


def _problem(
    instruction: Instruction, about: str, said: str, severity: Severity | None = None
) -> Problem:
    return Problem(
        about=about,
        message=f"{said}, where everybody can read it who can pull it",
        location=instruction.location,
        fix="Use `RUN --mount=type=secret`, or give it to the container when it starts. Change "
        "the secret, since it is known.",
        severity=severity,
    )
