"""image/old-glibc."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Dockerfile, Lock, Project
from conda_preflight.documents.stack import Need
from conda_preflight.facts.base_glibc import MUSL, base_glibc
from conda_preflight.fitting.numbers import numbers
from conda_preflight.fitting.stacks import Stacks
from conda_preflight.grammar.final_image import final_stages
from conda_preflight.grammar.image_name import BaseImage, base_images
from conda_preflight.grammar.lock_file import some
from conda_preflight.report import Problem, Severity


@check("image/old-glibc", Severity.ERROR)
def old_glibc(dockerfile: Dockerfile, project: Project, stacks: Stacks) -> Iterator[Problem]:
    """The base of the image has an older C library than locked packages need.

    conda and pip bring everything but glibc. On an older one the import ends with "version
    `GLIBC_2.28' not found", and Alpine's musl runs no package of conda and no usual wheel at
    all. The base is that of the last stage, by the release in its name; what a name does not
    tell is not judged.

    ## Fails

    ```dockerfile Dockerfile
    FROM ubuntu:18.04
    COPY conda-linux-64.lock /tmp/
    RUN conda create -p /opt/env --file /tmp/conda-linux-64.lock && conda clean -afy
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.example.org/conda-forge/linux-64/pytorch-2.13.0-cuda130_mkl_py311_h1_300.conda
    ```

    ```dockerfile Dockerfile
    FROM python:3.11-alpine
    COPY requirements.txt /tmp/
    RUN pip install --no-cache-dir -r /tmp/requirements.txt
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.example.org/conda-forge/linux-64/pytorch-2.7.1-cuda129_mkl_py311_h1_300.conda
    ```

    ## Passes

    ```dockerfile Dockerfile
    FROM nvidia/cuda:12.9.0-base-ubuntu22.04
    COPY conda-linux-64.lock /tmp/
    RUN conda create -p /opt/env --file /tmp/conda-linux-64.lock && conda clean -afy
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.example.org/conda-forge/linux-64/pytorch-2.13.0-cuda130_mkl_py311_h1_300.conda
    ```

    ## Fix

    Take a base of a later release, such as `debian:12-slim` (glibc 2.36).
    """
    locks = project.of(Lock)
    if not locks:
        raise Skip("no lock is audited with it")
    kept = final_stages(dockerfile)
    bases = [image for image in base_images(dockerfile) if image.stage in kept]
    known = [(b, glibc) for b in bases if b.is_known and (glibc := base_glibc(b.repository, b.tag))]
    if not known:
        raise Skip("the name of its base does not tell the C library")
    for base, glibc in known:
        needs = [need for lock in locks for need in _needs(lock, stacks) if _exceeds(need, glibc)]
        if needs:
            yield _problem(base, glibc, needs)


def _needs(lock: Lock, stacks: Stacks) -> Iterator[Need]:
    for stack in stacks.each(lock):
        if stack.subdir.startswith("linux-"):
            yield from (need for need in stack.needs if need.glibc)


def _exceeds(need: Need, glibc: str) -> bool:
    return glibc == MUSL or numbers(need.glibc)[:2] > numbers(glibc)[:2]


def _problem(base: BaseImage, glibc: str, needs: list[Need]) -> Problem:
    most = max((need.glibc for need in needs), key=numbers)
    names = some(dict.fromkeys(need.package.name for need in needs), 4)
    has = "musl and no glibc" if glibc == MUSL else f"glibc {glibc}"
    return Problem(
        about=base.repository,
        message=f"The base {base.repository}:{base.tag} has {has}, and {names} "
        f"need{'s' if len(needs) == 1 else ''} glibc {most}",
        location=base.location,
        fix=f"Take a base with glibc {most} or later, such as debian:12-slim (2.36).",
    )
