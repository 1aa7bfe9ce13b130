"""imports/unused."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Manifest, Project
from conda_preflight.importing.sources import Sources
from conda_preflight.report import Problem, Severity


@check("imports/unused", Severity.NOTE)
def unused(
    manifest: Manifest, project: Project, sources: Sources, *, keep: tuple[str, ...] = ()
) -> Iterator[Problem]:
    """The manifest asks for a package that no file of the project imports.

    It is downloaded, scanned for vulnerabilities and shipped for nothing. Tools, kernels,
    compilers, CUDA libraries, plugins and the backends that other libraries load by themselves
    (`sentencepiece`, `accelerate`, `pyarrow` ...) never count, nor what a command of a
    Dockerfile names, or a script that installs, nor a package of which it is not known that it
    is imported at all. Names in `keep` are not told either.

    ## Fails

    ```yaml environment.yml
    name: chatbot_finetune_dev
    dependencies:
      - python=3.11
      - pytorch=2.4
      - networkx
      - pip
      - pip:
          - beautifulsoup4
    ```

    ```python train.py
    import torch
    ```

    ## Passes

    ```yaml environment.yml
    name: chatbot_finetune_dev
    dependencies:
      - python=3.11
      - pytorch=2.4
      - pytorch-cuda=12.1
      - jupyter
      - sentencepiece
      - locust
      - pandas
      - networkx
    ```

    ```toml preflight.toml
    [rules."imports/unused"]
    keep = ["networkx"]
    ```

    ```dockerfile Dockerfile
    FROM continuumio/miniconda3:24.7.1-0
    CMD ["locust", "-f", "load_test.py"]
    ```

    ```python train.py
    import torch

    def table():
        import pandas
    ```

    ## Fix

    Take the line out, or name the package in `keep` of this rule if something loads it by name.
    """
    from conda_preflight.importing import unused as judge
    from conda_preflight.importing.imported import imported_by

    yield from judge.unused(manifest, project, imported_by(project, sources), keep)
