"""joint/unmade-environment."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Dockerfile, Project, Script, Workload
from conda_preflight.grammar.all_environments import made_anywhere
from conda_preflight.grammar.environment_use import (
    BASE,
    Environments,
    Used,
    in_image,
    in_script,
    in_user,
    in_workload,
)
from conda_preflight.grammar.pod_containers import containers
from conda_preflight.grammar.written_file import Files, files_of, some
from conda_preflight.report import Problem, Severity


@check("joint/unmade-environment", Severity.ERROR)
def unmade_environment(
    script: Dockerfile | Script | Workload, project: Project
) -> Iterator[Problem]:
    """A file works in an environment that no file of the project makes.

    `pixi run -e NAME` fails where the manifest of pixi has no such environment: an error in an
    image and in CI, a warning in scripts. Where a script or a CI file makes no environment and
    activates one by a name that no manifest has and no file makes, it is a note: it works on the
    machine of whoever made that one by hand, and it is not the one that the project locks.
    Names that the file itself mentions elsewhere are not judged, nor are files that run a
    program which by its name makes environments. A Kubernetes manifest that starts a program in
    such an environment is told as a warning, since its image may come from elsewhere.

    ## Fails

    ```toml pixi.toml
    [workspace]
    name = "chatbot"
    channels = ["conda-forge"]
    platforms = ["linux-64"]
    [feature.gpu.dependencies]
    python = "3.11.*"
    [environments]
    gpu = ["gpu"]
    ```

    ```yaml .github/workflows/test.yml
    on: push
    jobs:
      test:
        steps:
          - run: pixi run -e cuda pytest
    ```

    ```yaml environment.yml
    name: chatbot_train_prod
    dependencies: [python=3.11]
    ```

    ```bash train.sh
    conda activate chatbot
    python train.py
    ```

    ```yaml environment.yml
    name: chatbot_train_prod
    dependencies: [python=3.11]
    ```

    ```yaml job.yaml
    apiVersion: batch/v1
    kind: Job
    metadata: {name: train}
    spec:
      template:
        spec:
          containers:
            - name: train
              image: registry.example.org/nlp/chat@sha256:0123456789abcdef
              command: ["/opt/conda/envs/chatbot/bin/python", "train.py"]
    ```

    ## Passes

    ```toml pixi.toml
    [workspace]
    name = "chatbot"
    channels = ["conda-forge"]
    platforms = ["linux-64"]
    [feature.gpu.dependencies]
    python = "3.11.*"
    [environments]
    gpu = ["gpu"]
    ```

    ```yaml .github/workflows/test.yml
    on: push
    jobs:
      test:
        steps:
          - run: pixi run -e gpu pytest
          - run: pixi run -e ${{ matrix.environment }} pytest
    ```

    ```yaml environment.yml
    name: chatbot_train_prod
    dependencies: [python=3.11]
    ```

    ```bash train.sh
    conda activate chatbot_train_prod
    python train.py
    ```

    ## Fix

    Write the name that the manifest has.
    """
    if project.path != ".":
        raise Skip("only this file was audited")
    if isinstance(script, Script) and script.kind == "readme":
        raise Skip("joint/readme-disagrees judges pages for people")
    files = files_of(project)
    if isinstance(script, Workload):
        yield from _of_pods(script, files, project)
        return
    if isinstance(script, Dockerfile):
        yield from _without_pixi(in_image(script), files, None)
        return
    severity = Severity.WARNING if script.kind == "script" else None
    yield from _without_pixi(in_script(script), files, severity)
    yield from _of_nobody(script, files, project)


def _of_nobody(script: Script, files: Files, project: Project) -> Iterator[Problem]:
    """Names that a file which makes none works in, and no file of the project makes."""
    found = in_user(script)
    if found.made or found.opaque or not files.environment_names:
        return
    rows = files.text(script.path).split("\n")
    lines = {used.location.line for used in found.used}
    said = "\n".join(row for line, row in enumerate(rows, 1) if line not in lines)
    known = BASE | made_anywhere(project)
    for used in {used.name: used for used in reversed(found.used)}.values():
        if used.name not in known and used.name not in said:
            yield _problem(used, files, Severity.NOTE)


def _of_pods(workload: Workload, files: Files, project: Project) -> Iterator[Problem]:
    """Names that the containers work in, where the project makes environments by others."""
    containers(workload)
    found = in_workload(workload)
    if found.made or found.opaque or not files.environment_names:
        return
    known = BASE | made_anywhere(project)
    for used in {used.name: used for used in reversed(found.used)}.values():
        if used.name not in known:
            yield _problem(used, files, Severity.WARNING)


def _problem(used: Used, files: Files, severity: Severity) -> Problem:
    return Problem(
        used.name,
        f"This works in the environment {used.name}, which no file of the project makes: "
        f"manifests are called {some(sorted(files.environment_names))}",
        used.location,
        "Write the name that the manifest has.",
        severity,
    )


def _without_pixi(
    found: Environments, files: Files, severity: Severity | None
) -> Iterator[Problem]:
    """Environments of pixi that no manifest of it here has."""
    known = {"default"} | files.pixi_environments
    asked = found.pixi if files.pixi_environments and not found.opaque else ()
    for used in {used.name: used for used in reversed(asked)}.values():
        if used.name not in known:
            yield Problem(
                used.name,
                f"pixi is asked for the environment {used.name}, and its manifest has "
                f"{some(sorted(known))}",
                used.location,
                "Write an environment that the manifest has, or add this one to it.",
                severity,
            )
