"""solve/pip-replaces-conda."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from conda_preflight.check import check
from conda_preflight.documents import Manifest
from conda_preflight.report import Problem, Severity

if TYPE_CHECKING:
    from conda_preflight.documents import Package
    from conda_preflight.solving.pip_half import Provided
    from conda_preflight.solving.pip_halves import PipHalves


@check("solve/pip-replaces-conda", Severity.ERROR)
def pip_replaces_conda(manifest: Manifest, halves: PipHalves) -> Iterator[Problem]:
    """Pip would take away what conda installed, and put another version in its place.

    pip knows nothing of conda's packages that need the version it removes. What was built
    against it breaks, `conda list` tells the old version, and the next update by conda mixes
    the files of both.

    ## Fails

    ```yaml environment.yml
    channels: [main]
    dependencies:
      - python=3.11
      - numpy=2.0
      - pip
      - pip:
          - --no-index
          - --find-links ./wheels
          - app==1.0
    ```

    ```text main/linux-64.packages
    python 3.11.4
    pip 24.0: python
    numpy 2.0.1: python 3.11.*
    ```

    ```text wheels.packages
    app 1.0: numpy <2
    numpy 1.26.4
    numpy 2.0.1
    ```

    ## Passes

    ```yaml environment.yml
    channels: [main]
    dependencies:
      - python=3.11
      - numpy=1.26
      - pip
      - pip:
          - --no-index
          - --find-links ./wheels
          - app==1.0
    ```

    ```text main/linux-64.packages
    python 3.11.4
    pip 24.0: python
    numpy 1.26.4: python 3.11.*
    numpy 2.0.1: python 3.11.*
    ```

    ```text wheels.packages
    app 1.0: numpy <2
    numpy 1.26.4
    ```

    ## Fix

    Ask conda for the version that the pip section needs, or let one of the two install both.
    """
    told: dict[str, tuple[Provided, Package, list[str]]] = {}
    for platform in halves.platforms(manifest):
        for conda, pip in halves.replaced(manifest, platform):
            told.setdefault(conda.name, (conda, pip, []))[2].append(platform)
    for name, (conda, pip, platforms) in told.items():
        line = next(iter(manifest.pip_named(name)), None)
        yield Problem(
            name,
            f"pip would replace {name} {conda.version} of conda by {pip.version} on "
            f"{', '.join(platforms)}",
            line.location if line else (*manifest.pip_locations, manifest.location)[0],
            f"Ask conda for {name} {pip.version}, or change the pip line that needs it.",
        )
