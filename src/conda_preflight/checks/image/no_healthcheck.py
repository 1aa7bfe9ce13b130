"""image/no-healthcheck."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Dockerfile
from conda_preflight.grammar.final_image import final_instructions
from conda_preflight.report import Problem, Severity


@check("image/no-healthcheck", Severity.NOTE)
def no_healthcheck(dockerfile: Dockerfile) -> Iterator[Problem]:
    """An image serves a port, and nothing tells whether the server behind it is well.

    Docker and Compose restart what fails its `HEALTHCHECK`. Kubernetes does not read it: there a
    `readinessProbe` and a `livenessProbe` do the same.

    ## Fails

    ```dockerfile Dockerfile
    FROM debian:12-slim
    EXPOSE 8000
    CMD ["python", "serve.py"]
    ```

    ## Passes

    ```dockerfile Dockerfile
    FROM debian:12-slim
    EXPOSE 8000
    HEALTHCHECK CMD ["python", "-c", \
     "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health')"]
    CMD ["python", "serve.py"]
    ```

    ```dockerfile Dockerfile
    FROM debian:12-slim
    CMD ["python", "train.py"]
    ```

    ## Fix

    `HEALTHCHECK CMD [...]`, or `HEALTHCHECK NONE` where something else looks.
    """
    found = {i.keyword: i for i in final_instructions(dockerfile)}
    if "EXPOSE" in found and "HEALTHCHECK" not in found:
        yield Problem(
            about="HEALTHCHECK",
            message=f"The image serves port {found['EXPOSE'].value.strip()[:40]}, and nothing "
            "tells whether the server is well",
            location=found["EXPOSE"].location,
            fix="Add a HEALTHCHECK, or `HEALTHCHECK NONE` where Kubernetes probes it.",
        )
