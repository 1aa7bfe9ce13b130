"""joint/missing-copy."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Dockerfile
from conda_preflight.facts.base_images import is_plain as is_plain_image
from conda_preflight.grammar.image_install import steps
from conda_preflight.grammar.image_stage import Stage
from conda_preflight.grammar.installs import Install
from conda_preflight.grammar.written_file import base, is_plain
from conda_preflight.report import Problem, Severity


@check("joint/missing-copy", Severity.ERROR)
def missing_copy(dockerfile: Dockerfile) -> Iterator[Problem]:
    r"""The Dockerfile installs from a file that nothing has copied into the image.

    A build sees only what COPY, ADD or a bind mount has brought before, and only where they put
    it, so the command ends with "no such file". A file that a RUN may make itself, downloads or
    takes from a clone, and names with variables, are not judged. With a base image that is not
    well known, which may bring files or copy them by ONBUILD, it is a note.

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

    ```dockerfile Dockerfile
    FROM continuumio/miniconda3:24.7.1-0
    WORKDIR /app
    COPY environment.yml /tmp/
    RUN conda env create -f environment.yml
    ```

    ## Passes

    ```dockerfile Dockerfile
    FROM continuumio/miniconda3:24.7.1-0
    COPY environment.yml /tmp/env.yml
    RUN conda env create -f /tmp/env.yml
    ```

    ```dockerfile Dockerfile
    FROM continuumio/miniconda3:24.7.1-0
    RUN --mount=type=bind,source=environment.yml,target=/tmp/environment.yml \
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

    ```dockerfile Dockerfile
    FROM continuumio/miniconda3:24.7.1-0
    COPY environment.yml .
    RUN conda-lock -f environment.yml && conda-lock install -n x conda-lock.yml
    ```

    ## Fix

    Copy the file before the command: `COPY conda-lock.yml /tmp/`.
    """
    told: set[tuple[int, str]] = set()
    for step in steps(dockerfile):
        for install in step.installs:
            for file in install.files:
                here = (step.stage.number, file)
                if (
                    is_plain(file)
                    and here not in told
                    and not step.supply.holds(file, install.folder)
                ):
                    told.add(here)
                    yield _problem(file, install, step.stage)


def _problem(file: str, install: Install, stage: Stage) -> Problem:
    return Problem(
        file,
        f"`{install.tool}` installs from {file}, which no COPY, ADD or mount has brought there",
        install.location,
        f"Write `COPY {base(file)} {file if '/' in file else './'}` above this line.",
        None if is_plain_image(stage.root) else Severity.NOTE,
    )
