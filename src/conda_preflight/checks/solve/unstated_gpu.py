"""solve/unstated-gpu."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from conda_preflight.check import check
from conda_preflight.documents import Manifest
from conda_preflight.report import Problem, Severity

if TYPE_CHECKING:
    from conda_preflight.solving.solves import Solves


@check("solve/unstated-gpu", Severity.NOTE)
def unstated_gpu(manifest: Manifest, solves: Solves) -> Iterator[Problem]:
    """The manifest has a solution on a machine with a GPU only, and no target says which.

    Packages of it need the virtual package `__cuda`, which a machine has whose driver runs CUDA.
    Nothing here says which CUDA that is, so a new one was taken for granted. With a target the
    solve is about the real machine, where an old driver may leave no solution.

    ## Fails

    ```yaml environment.yml
    channels: [main]
    dependencies:
      - pytorch-gpu=2.4
    ```

    ```text main/linux-64.packages
    pytorch-gpu 2.4.1: __cuda >=12.4
    ```

    ## Passes

    ```yaml environment.yml
    channels: [main]
    dependencies:
      - pytorch-gpu=2.4
    ```

    ```text main/linux-64.packages
    pytorch-gpu 2.4.1: __cuda >=12.4
    ```

    ```toml preflight.toml
    virtual-packages = ["__cuda=12.6"]
    ```

    ## Fix

    Describe the machine with `--target FILE`, or state `virtual-packages = ["__cuda=12.6"]` in the
    settings, with the version that `nvidia-smi` shows there.
    """
    assumed = [p for p in solves.platforms(manifest) if solves.assumes_gpu(manifest, p)]
    if assumed:
        yield Problem(
            "__cuda",
            f"On {', '.join(assumed)} there is a solution only with a GPU, and no target says "
            "which CUDA its driver runs",
            manifest.location,
            "Name the target, `--target FILE`, or state `--virtual-package __cuda=VERSION`.",
        )
