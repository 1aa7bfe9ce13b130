"""image/installs-at-start."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Command, Dockerfile, Workload
from conda_preflight.grammar.final_image import last_starts
from conda_preflight.grammar.image_stage import by_instruction
from conda_preflight.grammar.installs import install_of
from conda_preflight.grammar.pod_containers import containers
from conda_preflight.grammar.shell_wrapper import program_name
from conda_preflight.report import Problem, Severity

_SYSTEM = {
    "apt-get": "install",
    "apt": "install",
    "apk": "add",
    "dnf": "install",
    "microdnf": "install",
    "yum": "install",
}
_VERBS = ("create", "install", "update", "upgrade", "sync", "add", "venv")


@check("image/installs-at-start", Severity.WARNING)
def installs_at_start(image: Dockerfile | Workload) -> Iterator[Problem]:
    """The command that starts a container installs packages first.

    What is installed then is not what was locked, built and scanned: two pods of one day may
    differ, a start takes minutes, and none succeeds while an index is away.

    ## Fails

    ```yaml pod.yaml
    apiVersion: v1
    kind: Pod
    metadata: {name: chat}
    spec:
      containers:
        - name: server
          image: registry.example.org/nlp/chat@sha256:0123456789abcdef
          command:
            - sh
            - -c
            - |
              pip install vllm
              exec vllm serve /models/chat
    ```

    ```dockerfile Dockerfile
    FROM condaforge/miniforge3:24.9.2-0
    CMD conda env update -n base -f /app/environment.yml && python /app/serve.py
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
          command: ["vllm", "serve", "/models/chat"]
    ```

    ```dockerfile Dockerfile
    FROM python:3.11-slim
    RUN pip install --no-cache-dir -r requirements.txt
    CMD ["python", "serve.py"]
    ```

    ## Fix

    Put the packages into the lock, and the lock into the image.
    """
    told: set[str] = set()
    for command in _starting(image):
        what = _installs(command)
        if what and what not in told:
            told.add(what)
            yield Problem(
                about=f"{image.title}: {what}" if isinstance(image, Workload) else what,
                message=f"`{what}` runs at each start of a container, not when its image is built",
                location=command.location,
                fix="Install it when the image is built, from the lock.",
            )


def _starting(image: Dockerfile | Workload) -> Iterator[Command]:
    if isinstance(image, Workload):
        for container in containers(image):
            yield from container.commands
        return
    starts = last_starts(image)
    for instruction, commands in by_instruction(image):
        if instruction in starts:
            yield from commands


def _installs(command: Command) -> str:
    """The command in short, where it installs anything."""
    words = [word for word in command.words if word == "-m" or not word.startswith("-")]
    name = program_name(words[0]) if words else ""
    if name in _SYSTEM:
        return f"{name} {_SYSTEM[name]}" if _SYSTEM[name] in words[1:3] else ""
    found = install_of(command)
    if found is None or found.action not in ("create", "install", "update"):
        return ""
    verb = next((at for at, word in enumerate(words) if word in _VERBS), 0)
    things = (*found.names, *found.files)
    return " ".join((name, *words[1 : verb + 1], *things[:2]))
