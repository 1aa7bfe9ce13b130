"""image/second-cuda."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Dockerfile, Lock, Project
from conda_preflight.fitting.numbers import numbers
from conda_preflight.fitting.stack_cuda import stack_cuda
from conda_preflight.fitting.stacks import Stacks
from conda_preflight.grammar.final_image import final_stages
from conda_preflight.grammar.image_name import base_images
from conda_preflight.pattern import lazy_pattern
from conda_preflight.report import Problem, Severity

_TAG = lazy_pattern(r"(\d{1,2}\.\d{1,2})(?:\.\d{1,2})?-(?:cudnn\d?-)?(?:runtime|devel)\b.*")


@check("image/second-cuda", Severity.NOTE)
def second_cuda(dockerfile: Dockerfile, project: Project, stacks: Stacks) -> Iterator[Problem]:
    """The base of the image brings CUDA's libraries, and the environment brings its own.

    Packages of conda and wheels find their own copies; those of `nvidia/cuda:...-runtime` and
    `-devel` are gigabytes for nothing. Where their CUDA is another major one, a path that
    leads to them, such as `LD_LIBRARY_PATH`, mixes both in one process: a warning.

    ## Fails

    ```dockerfile Dockerfile
    FROM nvidia/cuda:11.8.0-cudnn8-runtime-ubuntu22.04
    COPY conda-linux-64.lock /tmp/
    RUN conda create -p /opt/env --file /tmp/conda-linux-64.lock && conda clean -afy
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.example.org/conda-forge/linux-64/cuda-version-12.9-h1_3.conda
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
    https://conda.example.org/conda-forge/linux-64/cuda-version-12.9-h1_3.conda
    https://conda.example.org/conda-forge/linux-64/pytorch-2.7.1-cuda129_mkl_py311_h1_300.conda
    ```

    ## Fix

    Begin from `debian:12-slim`, or from `nvidia/cuda:...-base`: the driver's own libraries come
    from the host in any case.
    """
    found = {stack_cuda(s) for lock in project.of(Lock) for s in stacks.each(lock)} - {""}
    if not found:
        raise Skip("no lock with CUDA is audited with it")
    kept = final_stages(dockerfile)
    for base in base_images(dockerfile):
        tag = _TAG.fullmatch(base.tag) if base.repository.endswith("nvidia/cuda") else None
        if tag and base.stage in kept:
            ours = max(found, key=numbers)
            is_other = tag[1].split(".")[0] != ours.split(".")[0]
            yield Problem(
                about=base.repository,
                message=f"The base brings CUDA {tag[1]}, and the environment has CUDA {ours}",
                location=base.location,
                fix="Begin from a base without CUDA: the environment has what it needs.",
                severity=Severity.WARNING if is_other else None,
            )
