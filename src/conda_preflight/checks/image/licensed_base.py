"""image/licensed-base."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Dockerfile
from conda_preflight.grammar.image_install import steps
from conda_preflight.grammar.image_name import base_images
from conda_preflight.grammar.installs import Install
from conda_preflight.report import Problem, Severity

_LICENSED = ("continuumio/miniconda3", "continuumio/anaconda3", "continuumio/miniconda")
_CHANNELS = ("--channel", "--override-channels")


@check("image/licensed-base", Severity.WARNING)
def licensed_base(dockerfile: Dockerfile) -> Iterator[Problem]:
    """A base image takes packages from Anaconda's channels, which are not free for all.

    `continuumio/miniconda3` and `anaconda3` are set up for the channel `defaults`. An environment
    that is made from a lock of other channels is not touched by that; each `conda install` without
    a channel is.

    ## Fails

    ```dockerfile Dockerfile
    FROM continuumio/miniconda3:24.7.1-0
    RUN conda install -y numpy
    ```

    ## Passes

    ```dockerfile Dockerfile
    FROM condaforge/miniforge3:24.9.2-0
    RUN conda install -y numpy
    ```

    ```dockerfile Dockerfile
    FROM continuumio/miniconda3:24.7.1-0
    RUN conda create -n x --file /tmp/explicit.lock
    ```

    ## Fix

    Take `condaforge/miniforge3` or `mambaorg/micromamba`, or name the channel in each command.
    """
    licensed = {i.stage: i for i in base_images(dockerfile) if i.repository.endswith(_LICENSED)}
    for step in steps(dockerfile) if licensed else ():
        image = licensed.get(step.stage.trunk)
        if image and any(_takes_defaults(install) for install in step.installs):
            licensed.pop(step.stage.trunk)
            yield Problem(
                about=image.repository,
                message=f"{image.repository} is set up for the channel defaults, and a command "
                "here installs from it: its terms ask organizations of more than 200 people to pay",
                location=image.location,
                fix="Take condaforge/miniforge3, or name another channel: `-c conda-forge "
                "--override-channels`.",
            )


def _takes_defaults(install: Install) -> bool:
    """Whether conda looks for packages by name, without a channel or file that says where."""
    is_conda = install.tool in ("conda", "mamba") and install.action in ("install", "create")
    named = any(flag.startswith(_CHANNELS) for flag in install.flags)
    return is_conda and bool(install.names) and not install.files and not named
