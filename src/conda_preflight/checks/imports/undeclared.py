"""imports/undeclared."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Project
from conda_preflight.importing.sources import Sources
from conda_preflight.report import Problem, Severity


@check("imports/undeclared", Severity.ERROR)
def undeclared(project: Project, sources: Sources) -> Iterator[Problem]:
    """The code imports a package that the manifest does not ask for.

    It works on the machine where somebody once installed it by hand, and nowhere else. Where
    the lock or the audited environment does not have it either, the program stops at that
    import: an error. Where something else brings it, it disappears with that package's next
    release: a warning. Imports inside of functions weigh less, and those that the code goes on
    without (`except ImportError`, a condition), tests, examples and tools are notes; what only
    type checkers see does not count. Python files and notebooks are parsed, never run.

    Who brings a module is read from the files of the environment (`--prefix`), else worked out
    from names: of several packages that bring the same module any will do. What the project's
    `pyproject.toml`, `setup.cfg` or `setup.py` asks for counts too where the manifest installs
    the project itself.

    ## Fails

    ```yaml environment.yml
    name: chatbot_finetune_dev
    channels: [conda-forge]
    dependencies:
      - python=3.11
      - transformers=4.44.2
    ```

    ```yaml conda-lock.yml
    version: 1
    metadata:
      content_hash: {linux-64: 0000000000000000000000000000000000000000000000000000000000000000}
      channels: [{url: conda-forge, used_env_vars: []}]
      platforms: [linux-64]
      sources: [environment.yml]
    package:
      - name: transformers
        version: 4.44.2
        manager: conda
        platform: linux-64
        dependencies: {numpy: '>=1.17'}
        url: https://conda.anaconda.org/conda-forge/noarch/transformers-4.44.2-pyhd8ed1ab_0.conda
        hash: {md5: 00000000000000000000000000000000}
      - name: numpy
        version: 1.26.4
        manager: conda
        platform: linux-64
        dependencies: {}
        url: https://conda.anaconda.org/conda-forge/linux-64/numpy-1.26.4-py311h1_0.conda
        hash: {md5: 00000000000000000000000000000000}
    ```

    ```python train.py
    import numpy as np
    import sentencepiece
    from transformers import AutoTokenizer
    ```

    ```yaml environment.yml
    name: chatbot_finetune_dev
    dependencies: [python=3.11, pytorch=2.4]
    ```

    ```python train.py
    import yaml
    import torch
    ```

    ```yaml environment.yml
    name: chatbot_finetune_dev
    dependencies: [python=3.11]
    ```

    ```python train.py
    try:
        import wandb
    except ImportError:
        wandb = None
    ```

    ## Passes

    ```yaml environment.yml
    name: chatbot_finetune_dev
    dependencies:
      - python=3.11
      - pytorch=2.4
      - opencv
      - pip
      - pip:
          - google-cloud-storage
          - scikit-learn
    ```

    ```python helpers/reading.py
    rows = []
    ```

    ```python train.py
    from __future__ import annotations
    import json
    from typing import TYPE_CHECKING

    import cv2
    import sklearn.metrics
    import torch.nn as nn
    from google.cloud import storage

    from helpers.reading import rows

    if TYPE_CHECKING:
        import pandas as pd
    ```

    ```yaml environment.yml
    name: chatbot_finetune_dev
    dependencies: [python=3.11, pip, {pip: [-e .]}]
    ```

    ```toml pyproject.toml
    [project]
    name = "chatbot-finetune"
    version = "1"
    dependencies = ["PyYAML"]
    ```

    ```python src/chatbot_finetune/data.py
    import yaml
    import chatbot_finetune
    ```

    ## Fix

    Write the package among the dependencies of the manifest, and lock again.
    """
    from conda_preflight.importing import undeclared as judge
    from conda_preflight.importing.imported import imported_by

    yield from judge.undeclared(imported_by(project, sources))
