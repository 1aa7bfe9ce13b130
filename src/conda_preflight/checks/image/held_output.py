"""image/held-output."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Dockerfile, Location, Workload
from conda_preflight.grammar.final_image import last_starts
from conda_preflight.grammar.pod_containers import containers
from conda_preflight.pattern import lazy_pattern
from conda_preflight.report import Problem, Severity

_RUN = lazy_pattern(r"\b(?:conda|mamba)\s+run\b")
_LIVE = ("--no-capture-output", "--live-stream", "--live_stream")


@check("image/held-output", Severity.WARNING)
def held_output(image: Dockerfile | Workload) -> Iterator[Problem]:
    """A program is started by `conda run`, which holds back its output and its signals.

    Until the program ends nothing of it is in the log, and a stop of the container may not reach
    it: Kubernetes then waits and kills. `--no-capture-output` (`--live-stream`) shows the output;
    an environment on `PATH` needs no `conda run` at all.

    ## Fails

    ```dockerfile Dockerfile
    FROM condaforge/miniforge3:24.9.2-0
    CMD ["conda", "run", "-n", "chat", "python", "serve.py"]
    ```

    ```dockerfile Dockerfile
    FROM condaforge/miniforge3:24.9.2-0
    ENTRYPOINT conda run -n chat python serve.py
    ```

    ```yaml pod.yaml
    apiVersion: v1
    kind: Pod
    metadata: {name: chat}
    spec:
      containers:
        - name: server
          image: registry.example.org/nlp/chat@sha256:0123456789abcdef
          command: ["conda", "run", "-n", "chat", "python", "serve.py"]
    ```

    ## Passes

    ```dockerfile Dockerfile
    FROM condaforge/miniforge3:24.9.2-0
    ENV PATH=/opt/conda/envs/chat/bin:$PATH
    CMD ["python", "serve.py"]
    ```

    ```dockerfile Dockerfile
    FROM condaforge/miniforge3:24.9.2-0
    CMD ["conda", "run", "--no-capture-output", "-n", "chat", "python", "serve.py"]
    ```

    ```dockerfile Dockerfile
    FROM mambaorg/micromamba:2.0.5
    CMD ["micromamba", "run", "-n", "chat", "python", "serve.py"]
    ```

    ## Fix

    Put the environment on the path, `ENV PATH=/opt/conda/envs/NAME/bin:$PATH`, and start the
    program itself.
    """
    for about, text, place in _starts(image):
        if _RUN.search(text) and not any(flag in text for flag in _LIVE):
            yield Problem(
                about=about,
                message="`conda run` holds the program's output back until it ends, and stands "
                "between it and signals",
                location=place,
                fix="Put the environment on PATH with ENV and start the program itself, or add "
                "`--no-capture-output`.",
            )


def _starts(image: Dockerfile | Workload) -> Iterator[tuple[str, str, Location]]:
    """What starts, as text, by the thing that says so."""
    if isinstance(image, Dockerfile):
        for instruction in last_starts(image):
            text = " ".join(instruction.words) or instruction.value
            yield instruction.keyword, text, instruction.location
        return
    for container in containers(image):
        if container.words:
            text = " ".join(word.text for word in container.words)
            yield f"{image.title}: {container.name}", text, container.words[0].location
