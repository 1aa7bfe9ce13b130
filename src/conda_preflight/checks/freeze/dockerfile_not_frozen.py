"""freeze/dockerfile-not-frozen."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Dockerfile
from conda_preflight.grammar.final_image import last_starts
from conda_preflight.grammar.image_install import steps
from conda_preflight.grammar.installs import Install
from conda_preflight.report import Problem, Severity

_CONDAS = ("conda", "mamba", "micromamba", "pixi")
_MAKING = ("create", "update", "install")
_SIGNS = ("conda-preflight freeze", "conda-meta/frozen", "EXTERNALLY-MANAGED", "split_layers.py")


@check("freeze/dockerfile-not-frozen", Severity.NOTE)
def dockerfile_not_frozen(dockerfile: Dockerfile) -> Iterator[Problem]:
    """The image is built with an environment that nothing keeps from being changed.

    A shell in a running container, a start script with `pip install`, a notebook: what is installed
    there lasts as long as the container, and explains why one replica of four answers otherwise.
    Nothing in the Dockerfile freezes the environment: no `conda-preflight freeze`, and no
    `conda-meta/frozen` or `EXTERNALLY-MANAGED` that is written by hand. It is a note, since a
    read-only root file system, which the Dockerfile does not tell, does the same.

    ## Fails

    ```dockerfile Dockerfile
    FROM mambaorg/micromamba:2.0.5
    COPY conda-linux-64.lock /tmp/
    RUN micromamba create --yes --prefix /opt/env --file /tmp/conda-linux-64.lock
    CMD ["/opt/env/bin/python", "serve.py"]
    ```

    ## Passes

    ```dockerfile Dockerfile
    FROM mambaorg/micromamba:2.0.5
    COPY conda-linux-64.lock /tmp/
    RUN micromamba create --yes --prefix /opt/env --file /tmp/conda-linux-64.lock
    RUN conda-preflight freeze /opt/env
    CMD ["/opt/env/bin/python", "serve.py"]
    ```

    ```dockerfile Dockerfile
    FROM debian:12-slim
    CMD ["/bin/true"]
    ```

    ## Fix

    `RUN conda-preflight freeze /opt/env` in the stage that makes it, after its last change; or
    `conda-preflight image dockerfile`, which writes a Dockerfile that freezes.
    """
    if not last_starts(dockerfile) or _is_frozen(dockerfile):
        return
    made = [each for step in steps(dockerfile) for each in step.installs if _makes(each)]
    if made:
        yield Problem(
            "environment",
            "The environment that is made here is not frozen: conda, pip and uv can change it in a "
            "running container",
            made[-1].location,
            "Write `RUN conda-preflight freeze PREFIX` after the last change of the environment.",
        )


def _is_frozen(dockerfile: Dockerfile) -> bool:
    return any(sign in each.value for each in dockerfile.instructions for sign in _SIGNS)


def _makes(install: Install) -> bool:
    return install.tool in _CONDAS and install.action in _MAKING
