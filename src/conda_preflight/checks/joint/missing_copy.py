"""joint/missing-copy."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from conda_preflight.check import Skip, check
from conda_preflight.documents import Command, Dockerfile, Instruction
from conda_preflight.facts.base_images import is_plain as is_plain_image
from conda_preflight.grammar.image_stage import MAX_STAGES, Stage, Supply, by_instruction, stages
from conda_preflight.grammar.installs import Install, install_of
from conda_preflight.grammar.written_file import base, is_plain
from conda_preflight.report import Problem, Severity

_WORD = re.compile(r"[A-Za-z0-9_.+-]+")
_LOOKS = ("rm", "ls", "chmod", "chown", "cat", "test", "[")
_SCRIPTS = re.compile(r"\.(?:sh|bash|py)$")
_INSTALLER = re.compile(r"conda|mamba|forge|pip|sbx", re.IGNORECASE)


@check("joint/missing-copy", Severity.ERROR)
def missing_copy(dockerfile: Dockerfile) -> Iterator[Problem]:
    """The Dockerfile installs from a file that nothing has copied into the image.

    A build sees only what COPY, ADD or a bind mount has brought before, so the command ends
    with "no such file". A file that a RUN may make itself, downloads or takes from a clone, and
    names with variables, are not judged. With a base image that is not well known, which may
    bring files or copy them by ONBUILD, it is a note.

    ## Fails

    ```dockerfile Dockerfile
    FROM continuumio/miniconda3:24.7.1-0
    WORKDIR /app
    RUN conda env create -f environment.yml
    COPY environment.yml .
    ```

    ```dockerfile Dockerfile
    FROM condaforge/miniforge3:24.7.1-0
    WORKDIR /app
    COPY src/ /app/src/
    COPY environment.yml /app/
    RUN conda env create -f environment.yml && rm environment.yml
    RUN /opt/conda/envs/x/bin/pip install -r /app/requirements.txt
    ```

    ```dockerfile Dockerfile
    FROM python:3.11 AS build
    COPY requirements.txt .
    FROM python:3.11
    RUN pip install -r requirements.txt
    ```

    ## Passes

    ```dockerfile Dockerfile
    FROM continuumio/miniconda3:24.7.1-0
    COPY environment.yml /tmp/env.yml
    RUN conda env create -f /tmp/env.yml
    ```

    ```dockerfile Dockerfile
    FROM continuumio/miniconda3:24.7.1-0
    RUN --mount=type=bind,source=environment.yml,target=/tmp/environment.yml \\
        conda env create -f /tmp/environment.yml
    ```

    ```dockerfile Dockerfile
    FROM continuumio/miniconda3:24.7.1-0 AS base
    COPY . .
    FROM base
    RUN conda env create -f environment.yml
    ```

    ```dockerfile Dockerfile
    FROM ubuntu:24.04
    RUN git clone https://git.example.org/tool && cd tool && conda env create -f environment.yml
    ```

    ```dockerfile Dockerfile
    FROM ubuntu:24.04
    RUN printf 'name: x' > /tmp/env.yml && conda env create -f /tmp/env.yml
    RUN conda env create -f ${ENV_FILE} -n y
    RUN conda env create -f https://git.example.org/environment.yml -n z
    CMD ["pip", "install", "-r", "/mounted/requirements.txt"]
    ```

    ## Fix

    Copy the file before the command: `COPY conda-lock.yml /tmp/`.
    """
    every = stages(dockerfile)
    supplies: list[Supply] = []
    for instruction, commands in by_instruction(dockerfile):
        if instruction.keyword == "FROM":
            if len(supplies) >= MAX_STAGES:
                raise Skip(f"only {MAX_STAGES} stages are looked at")
            supplies.append(_first(every[len(supplies)], supplies))
        elif supplies:
            yield from _judged(instruction, commands, supplies[-1], every[len(supplies) - 1])


def _first(stage: Stage, before: Sequence[Supply]) -> Supply:
    return Supply() if stage.parent is None else before[stage.parent].after()


def _judged(
    instruction: Instruction, commands: Sequence[Command], supply: Supply, stage: Stage
) -> Iterator[Problem]:
    supply.take(instruction)
    if instruction.keyword != "RUN":
        return
    installs = [found for command in commands if (found := install_of(command))]
    made = _made(instruction, commands, installs)
    supply.names.update(made)
    supply.anything = supply.anything or any(map(_may_make, commands))
    told: set[str] = set()
    for install in installs:
        for file in install.files:
            if is_plain(file) and file not in told and not supply.holds(file):
                told.add(file)
                yield _problem(file, install, stage)
    supply.names.update(map(base, told))


def _made(
    instruction: Instruction, commands: Sequence[Command], installs: Sequence[Install]
) -> Iterator[str]:
    """The names that the RUN mentions more often than it installs from, lists or deletes."""
    mentioned = Counter(base(word) for word in _WORD.findall(instruction.value))
    idle = Counter(base(file) for install in installs for file in install.files)
    for command in commands:
        if base(command.words[0]) in _LOOKS:
            idle.update(base(word) for word in command.words[1:])
    return (name for name, count in mentioned.items() if count > idle[name])


def _may_make(command: Command) -> bool:
    """Whether the command runs a program of the project, which may write any file."""
    words = [base(word) for word in command.words[:4]]
    if words[0] in ("make", "cmake", "ninja"):
        return True
    return any(_SCRIPTS.search(word) and not _INSTALLER.search(word) for word in words)


def _problem(file: str, install: Install, stage: Stage) -> Problem:
    return Problem(
        file,
        f"`{install.tool}` installs from {file}, which no COPY, ADD or mount has brought before",
        install.location,
        f"Write `COPY {base(file)} {file if '/' in file else './'}` above this line.",
        None if is_plain_image(stage.root) else Severity.NOTE,
    )
