"""licence/nvidia-terms."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Dockerfile, Lock, Prefix, Project, Sbom
from conda_preflight.facts.licence_terms import (
    CUDA_TERMS,
    CUDNN_TERMS,
    DEVELOPMENT_TOOLS,
    NVIDIA_NAMES,
)
from conda_preflight.grammar.licensing import fits, packages_in
from conda_preflight.grammar.lock_file import some
from conda_preflight.report import Problem, Severity


@check("licence/nvidia-terms", Severity.NOTE)
def nvidia_terms(
    document: Lock | Prefix | Sbom, project: Project, *, image: bool = False
) -> Iterator[Problem]:
    """An image passes NVIDIA's libraries on.

    They are free to use, and not free software. Who publishes an image gives copies away: the
    licence of CUDA allows that for the files in its Attachment A, as part of an application, under
    terms no weaker than its own; cuDNN, TensorRT and NCCL have terms of their own. Compilers,
    debuggers and profilers (`cuda-nvcc`, `nsight-compute` ...) are not in Attachment A.

    Told where the project builds an image, which a Dockerfile says, or `image = true` in the
    settings where another tool makes it.

    ## Fails

    ```dockerfile Dockerfile
    FROM debian:12
    ```

    ```text conda-linux-64.lock
    # platform: linux-64
    @EXPLICIT
    https://conda.example.org/conda-forge/linux-64/cuda-cudart-12.4.127-he02047a_2.conda#50c873c9660ed116707ae15b663928d8
    https://conda.example.org/conda-forge/linux-64/cuda-nvcc-12.4.131-hcdd1206_0.conda#50c873c9660ed116707ae15b663928d9
    ```

    ```toml preflight.toml
    [rules."licence/nvidia-terms"]
    image = true
    ```

    ```json prefix/conda-meta/cudnn-9.3.0-0.json
    {"name": "cudnn", "version": "9.3.0", "build": "0", "license": "LicenseRef-cuDNN-Software-License-Agreement"}
    ```

    ## Passes

    ```dockerfile Dockerfile
    FROM debian:12
    ```

    ```text conda-linux-64.lock
    # platform: linux-64
    @EXPLICIT
    https://conda.example.org/conda-forge/linux-64/cuda-version-12.4-h3060b56_3.conda#50c873c9660ed116707ae15b663928d8
    ```

    ## Fix

    Leave development tools out of the image that is published (build in one stage, copy to
    another), and name NVIDIA's terms where the image is offered.
    """  # noqa: E501
    if not image and not project.of(Dockerfile):
        raise Skip("no image is built here")
    is_nvidia, is_tool = fits(NVIDIA_NAMES), fits(DEVELOPMENT_TOOLS)
    found = [p for p in packages_in(document, project) if is_nvidia(p.name) or is_tool(p.name)]
    found = [p for p in found if p.name not in _EMPTY and "_compat" not in p.name]
    if not found:
        return
    tools = [package.name for package in found if is_tool(package.name)]
    cudnn = any("cudnn" in package.name for package in found)
    beyond = f"; {some(tools)} may not be passed on by it" if tools else ""
    yield Problem(
        "NVIDIA",
        f"{len(found)} of NVIDIA's packages go into the image: {some(p.name for p in found)}. "
        f"Its licence says what may be passed on{beyond}",
        found[0].location,
        f"Read {CUDA_TERMS}{f' and {CUDNN_TERMS}' if cudnn else ''}.",
    )


_EMPTY = frozenset(("cuda-version", "cuda-python", "cuda-bindings", "cuda-pathfinder"))
"""Packages that hold a version only, or code under a free licence."""
