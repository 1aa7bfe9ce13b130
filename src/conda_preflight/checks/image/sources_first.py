"""image/sources-first."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Dockerfile, Instruction
from conda_preflight.grammar.image_stage import by_instruction
from conda_preflight.grammar.installs import install_of
from conda_preflight.report import Problem, Severity

_MAKES = ("create", "install", "update")


@check("image/sources-first", Severity.WARNING)
def sources_first(dockerfile: Dockerfile) -> Iterator[Problem]:
    """The whole project is copied before the environment is made.

    Then each change of any file makes the builder forget the environment, and gigabytes are built
    and shipped again. The lock alone must come first.

    ## Fails

    ```dockerfile Dockerfile
    FROM condaforge/miniforge3:24.9.2-0
    WORKDIR /app
    COPY . .
    RUN conda create -n chat --file conda-linux-64.lock && conda clean -afy
    ```

    ## Passes

    ```dockerfile Dockerfile
    FROM condaforge/miniforge3:24.9.2-0
    WORKDIR /app
    COPY conda-linux-64.lock .
    RUN conda create -n chat --file conda-linux-64.lock && conda clean -afy
    COPY . .
    ```

    ## Fix

    `COPY` the lock, make the environment, then `COPY` the sources.
    """
    whole: dict[int, Instruction] = {}
    for instruction, commands in by_instruction(dockerfile):
        if instruction.keyword in ("COPY", "ADD") and _is_whole(instruction):
            whole.setdefault(instruction.stage, instruction)
        made = [i for c in commands if (i := install_of(c)) and i.action in _MAKES and i.files]
        first = whole.get(instruction.stage)
        if first and made and instruction.keyword == "RUN":
            whole.pop(instruction.stage)
            yield Problem(
                about=f"stage {instruction.stage}",
                message=f"The whole project is copied before line {instruction.location.line} "
                "makes the environment, so each change of a file makes it anew",
                location=first.location,
                fix=f"Copy {made[0].files[0]} alone here, and the rest after the environment.",
            )


def _is_whole(instruction: Instruction) -> bool:
    words = [word for word in instruction.words if not word.startswith("--")]
    return "--from=" not in instruction.value and any(word in (".", "./") for word in words[:-1])
