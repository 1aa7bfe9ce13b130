"""solve/lost-extras."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from conda_preflight.check import check
from conda_preflight.documents import Manifest
from conda_preflight.report import Problem, Severity

if TYPE_CHECKING:
    from conda_preflight.solving.pip_halves import PipHalves


@check("solve/lost-extras", Severity.WARNING)
def lost_extras(manifest: Manifest, halves: PipHalves) -> Iterator[Problem]:
    """The pip section asks for extras of a package that conda installs without them.

    `uvicorn[standard]` means uvicorn and what belongs to its extra. Where conda brings uvicorn,
    a lock keeps conda's and nobody installs the rest.

    ## Fails

    ```yaml environment.yml
    channels: [main]
    dependencies:
      - python=3.11
      - uvicorn=0.30
      - pip
      - pip:
          - --no-index
          - --find-links ./wheels
          - uvicorn[standard]
    ```

    ```text main/linux-64.packages
    python 3.11.4
    pip 24.0: python
    uvicorn 0.30.1: python
    ```

    ```text wheels.packages
    uvicorn 0.30.1: httptools; extra == "standard"
    httptools 0.6
    ```

    ## Passes

    ```yaml environment.yml
    channels: [main]
    dependencies:
      - python=3.11
      - pip
      - pip:
          - --no-index
          - --find-links ./wheels
          - uvicorn[standard]
    ```

    ```text main/linux-64.packages
    python 3.11.4
    pip 24.0: python
    ```

    ```text wheels.packages
    uvicorn 0.30.1: httptools; extra == "standard"
    httptools 0.6
    ```

    ## Fix

    Name what the extra brings in lines of its own, or take the package from conda's half.
    """
    lost = {
        extra: None
        for platform in halves.platforms(manifest)
        for extra in getattr(halves.half(manifest, platform), "lost_extras", ())
    }
    for extra in lost:
        line = next(iter(manifest.pip_named(extra.partition("[")[0])), None)
        yield Problem(
            extra,
            f"`{extra}` has an extra, and conda installs the package without it",
            line.location if line else (*manifest.pip_locations, manifest.location)[0],
            "Name what the extra brings in lines of its own, or leave the package to pip.",
        )
