"""image/anaconda-base."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Dockerfile
from conda_preflight.grammar.image_name import base_images
from conda_preflight.report import Problem, Severity


@check("image/anaconda-base", Severity.WARNING)
def anaconda_base(dockerfile: Dockerfile) -> Iterator[Problem]:
    """A full Anaconda distribution is the base of an image.

    It brings some hundred packages, gigabytes, and their vulnerabilities, of which a locked
    environment uses none.

    ## Fails

    ```dockerfile Dockerfile
    FROM continuumio/anaconda3:2024.10-1
    RUN true
    ```

    ## Passes

    ```dockerfile Dockerfile
    FROM condaforge/miniforge3:24.9.2-0
    RUN true
    ```

    ## Fix

    Begin from a small base, such as `debian:12-slim` with the environment copied into it.
    """
    for image in base_images(dockerfile):
        if image.name.startswith("anaconda") and image.name != "anaconda-client":
            yield Problem(
                about=image.repository,
                message=f"{image.repository} is the whole Anaconda distribution, of which a locked "
                "environment uses nothing",
                location=image.location,
                fix="Begin from a small base that holds conda alone, or none at all.",
            )
