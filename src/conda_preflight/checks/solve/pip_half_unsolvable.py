"""solve/pip-half-unsolvable."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from conda_preflight.check import check
from conda_preflight.documents import Manifest
from conda_preflight.report import Problem, Severity

if TYPE_CHECKING:
    from conda_preflight.solving.pip_half import Unresolvable
    from conda_preflight.solving.pip_halves import PipHalves


@check("solve/pip-half-unsolvable", Severity.ERROR)
def pip_half_unsolvable(manifest: Manifest, halves: PipHalves) -> Iterator[Problem]:
    """The pip section has no solution beside what conda installs.

    conda installs its half first, and then pip fails: the environment is left half made. The
    pip half is resolved for the platform and the Python that the solve gives, with wheels alone:
    nothing is built and no code runs. Files that are included with `-r` count.

    Where pip would replace packages of conda instead, `solve/pip-replaces-conda` tells it.

    ## Fails

    ```yaml environment.yml
    channels: [main]
    dependencies:
      - python=3.11
      - pip
      - pip:
          - --no-index
          - --find-links ./wheels
          - app==1.0
          - lib==2.0
    ```

    ```text main/linux-64.packages
    python 3.11.4
    pip 24.0: python
    ```

    ```text wheels.packages
    app 1.0: lib <2
    lib 1.0
    lib 2.0
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
          - app==1.0
    ```

    ```text main/linux-64.packages
    python 3.11.4
    pip 24.0: python
    ```

    ```text wheels.packages
    app 1.0: lib <2
    lib 1.0
    lib 2.0
    ```

    ## Fix

    Loosen the lines that stand against each other, or ask for a Python that they all support.
    """
    from conda_preflight.solving.telling import joined

    told: dict[str, tuple[Unresolvable, list[str]]] = {}
    for platform in halves.platforms(manifest):
        if found := halves.refusal(manifest, platform):
            told.setdefault(found.reason, (found, []))[1].append(platform)
    for refused, platforms in told.values():
        lines = [line for line in refused.requirements if line.location.path == manifest.path]
        yield Problem(
            " ".join(line.name for line in refused.requirements) or "pip",
            f"The pip half cannot be met on {joined(platforms)}: {refused.reason}",
            lines[0].location if lines else (*manifest.pip_locations, manifest.location)[0],
            "Change one of these lines, or what conda installs.",
        )
