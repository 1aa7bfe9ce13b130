"""image/runs-as-root."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Dockerfile, Location
from conda_preflight.grammar.final_image import final_instructions, last_starts
from conda_preflight.grammar.image_name import base_images
from conda_preflight.report import Problem, Severity

_OTHER_USER = ("mambaorg/micromamba", "jupyter/base-notebook", "jupyter/scipy-notebook", ":nonroot")


@check("image/runs-as-root", Severity.WARNING)
def runs_as_root(dockerfile: Dockerfile) -> Iterator[Problem]:
    """The program in the image runs as root.

    A fault in the model server is then a fault of root's: it may change the environment, and more
    on a host that does not map users. Clusters that enforce the restricted profile refuse the
    image.

    ## Fails

    ```dockerfile Dockerfile
    FROM debian:12-slim
    CMD ["python", "serve.py"]
    ```

    ```dockerfile Dockerfile
    FROM debian:12-slim
    USER app
    USER root
    CMD ["python", "serve.py"]
    ```

    ## Passes

    ```dockerfile Dockerfile
    FROM debian:12-slim
    USER 65532:65532
    CMD ["python", "serve.py"]
    ```

    ```dockerfile Dockerfile
    FROM mambaorg/micromamba:2.0.5
    CMD ["python", "serve.py"]
    ```

    ```dockerfile Dockerfile
    FROM debian:12-slim
    RUN true
    ```

    ## Fix

    `USER 65532:65532` before `CMD`: a number, since Kubernetes cannot check a name.
    """
    starts = last_starts(dockerfile)
    if not starts:
        return
    users = [i for i in final_instructions(dockerfile) if i.keyword == "USER"]
    if users:
        name = users[-1].value.strip().partition(":")[0].strip("\"'")
        if name in ("root", "0"):
            yield _problem(f"The last USER is {name}", users[-1].location)
        return
    bases = list(base_images(dockerfile))
    if not bases or (bases[-1].is_known and not bases[-1].repository.endswith(_OTHER_USER)):
        yield _problem("No USER is set", starts[-1].location)


def _problem(said: str, place: Location) -> Problem:
    return Problem(
        about="USER",
        message=f"{said}, so the program runs as root",
        location=place,
        fix="Add `USER 65532:65532` before CMD, and give that user what it must write.",
    )
