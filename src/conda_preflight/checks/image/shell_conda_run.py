"""image/shell-conda-run."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Dockerfile
from conda_preflight.report import Problem, Severity


@check("image/shell-conda-run", Severity.WARNING)
def shell_conda_run(dockerfile: Dockerfile) -> Iterator[Problem]:
    """`SHELL` sends every command through `conda run`.

    Each `RUN` then starts conda first, which takes seconds, holds output back when a step fails,
    and is the shell of `CMD` too.

    ## Fails

    ```dockerfile Dockerfile
    FROM condaforge/miniforge3:24.9.2-0
    SHELL ["conda", "run", "-n", "chat", "/bin/bash", "-c"]
    RUN python -c "import torch"
    ```

    ## Passes

    ```dockerfile Dockerfile
    FROM condaforge/miniforge3:24.9.2-0
    SHELL ["/bin/bash", "-o", "pipefail", "-c"]
    ENV PATH=/opt/conda/envs/chat/bin:$PATH
    RUN python -c "import torch"
    ```

    ## Fix

    `ENV PATH=/opt/conda/envs/NAME/bin:$PATH` does the same for all that follows.
    """
    for instruction in dockerfile.instructions:
        words = list(instruction.words)
        if instruction.keyword == "SHELL" and words[1:2] == ["run"] and "conda" in words[0]:
            yield Problem(
                about="SHELL",
                message="Every command goes through `conda run`, which is slow and hides output",
                location=instruction.location,
                fix="Write `ENV PATH=/opt/conda/envs/NAME/bin:$PATH` instead.",
            )
