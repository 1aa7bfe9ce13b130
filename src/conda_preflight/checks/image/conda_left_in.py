"""image/conda-left-in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from conda_preflight.check import check
from conda_preflight.documents import Dockerfile
from conda_preflight.grammar.final_image import final_stages, last_starts
from conda_preflight.grammar.image_install import steps
from conda_preflight.grammar.image_name import base_images
from conda_preflight.grammar.installs import Install
from conda_preflight.report import Problem, Severity

_CONDAS = ("miniconda", "miniforge", "mambaforge", "anaconda")


@check("image/conda-left-in", Severity.NOTE)
def conda_left_in(dockerfile: Dockerfile) -> Iterator[Problem]:
    """The image that runs holds conda itself, its own Python and its packages.

    A program needs its environment alone. conda brings a second Python with libraries of its own,
    some hundred megabytes and their vulnerabilities, and a way to change the environment in
    production.

    ## Fails

    ```dockerfile Dockerfile
    FROM condaforge/miniforge3:24.9.2-0
    COPY conda-linux-64.lock /tmp/
    RUN conda create -n chat --file /tmp/conda-linux-64.lock && conda clean -afy
    CMD ["/opt/conda/envs/chat/bin/python", "serve.py"]
    ```

    ## Passes

    ```dockerfile Dockerfile
    FROM condaforge/miniforge3:24.9.2-0 AS build
    COPY conda-linux-64.lock /tmp/
    RUN conda create -p /opt/env --file /tmp/conda-linux-64.lock
    FROM debian:12-slim
    COPY --from=build /opt/env /opt/env
    CMD ["/opt/env/bin/python", "serve.py"]
    ```

    ## Fix

    Make the environment in a stage of its own and copy it: `conda-preflight image dockerfile`
    writes that.
    """
    kept = final_stages(dockerfile)
    bases = [image for image in base_images(dockerfile) if image.stage in kept]
    makes = any(step.stage.number in kept and _makes(step.installs) for step in steps(dockerfile))
    for image in bases if makes and last_starts(dockerfile) else ():
        if image.name.startswith(_CONDAS):
            yield Problem(
                about=image.repository,
                message=f"The image that runs is {image.repository}, with conda and "
                "a Python of its own",
                location=image.location,
                fix="Make the environment in a stage of its own and copy it to a small base.",
            )


def _makes(installs: Iterable[Install]) -> bool:
    return any(i.action == "create" and i.tool in ("conda", "mamba") for i in installs)
