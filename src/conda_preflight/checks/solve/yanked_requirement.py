"""solve/yanked-requirement."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from conda_preflight.check import check
from conda_preflight.documents import Manifest
from conda_preflight.report import Problem, Severity

if TYPE_CHECKING:
    from conda_preflight.solving.pip_halves import PipHalves


@check("solve/yanked-requirement", Severity.WARNING)
def yanked_requirement(manifest: Manifest, halves: PipHalves) -> Iterator[Problem]:
    """The pip half has a version that its author took back.

    An author yanks a release that is broken or dangerous. pip still installs it where a line
    names exactly that version.

    ## Fails

    ```yaml environment.yml
    channels: [main]
    dependencies:
      - python=3.11
      - pip
      - pip:
          - --index-url https://conda.example.org/index
          - app==1.0
    ```

    ```text main/linux-64.packages
    python 3.11.4
    pip 24.0: python
    ```

    ```text index.packages
    app 1.0 yanked=broken
    app 1.1
    ```

    ## Passes

    ```yaml environment.yml
    channels: [main]
    dependencies:
      - python=3.11
      - pip
      - pip:
          - --index-url https://conda.example.org/index
          - app
    ```

    ```text main/linux-64.packages
    python 3.11.4
    pip 24.0: python
    ```

    ```text index.packages
    app 1.0 yanked=broken
    app 1.1
    ```

    ## Fix

    Ask for another version; the page of the release says why it was taken back.
    """
    yanked: dict[str, None] = {}
    for platform in halves.platforms(manifest):
        yanked |= dict.fromkeys(getattr(halves.half(manifest, platform), "yanked", ()))
    for name in yanked:
        line = next(iter(manifest.pip_named(name)), None)
        yield Problem(
            name,
            f"The version of {name} that pip takes was taken back by its author",
            line.location if line else (*manifest.pip_locations, manifest.location)[0],
            f"Ask for another version of {name}.",
        )
