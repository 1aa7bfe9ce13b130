"""imports/notebook-install."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Project
from conda_preflight.importing.sources import Sources
from conda_preflight.report import Problem, Severity


@check("imports/notebook-install", Severity.WARNING)
def notebook_install(project: Project, sources: Sources) -> Iterator[Problem]:  # noqa: ARG001
    r"""A notebook installs packages while it runs (`%pip install`, `!conda install`).

    The environment that was locked is another one after that cell, and what it brings depends
    on the day. Installing the project itself (`%pip install -e .`) and hash-pinned requirements
    (`--require-hashes`) do not count.

    ## Fails

    ```yaml environment.yml
    name: chatbot_finetune_dev
    dependencies: [python=3.11, jupyter]
    ```

    ```json study.ipynb
    {
     "cells": [
      {
       "cell_type": "code",
       "source": [
        "!pip install -q peft\n",
        "import json"
       ]
      }
     ],
     "nbformat": 4
    }
    ```

    ## Passes

    ```yaml environment.yml
    name: chatbot_finetune_dev
    dependencies: [python=3.11, jupyter]
    ```

    ```json study.ipynb
    {
     "cells": [
      {
       "cell_type": "code",
       "source": [
        "%matplotlib inline\n",
        "%pip install -e .\n",
        "!nvidia-smi"
       ]
      }
     ],
     "nbformat": 4
    }
    ```

    ## Fix

    Write the packages into the manifest, lock again, and take the cell out.
    """
    from conda_preflight.importing.notebook_installs import installs

    yield from installs(sources.code)
