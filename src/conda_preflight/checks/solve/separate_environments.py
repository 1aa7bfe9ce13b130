"""solve/separate-environments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from conda_preflight.check import Skip, check
from conda_preflight.documents import Manifest, Project
from conda_preflight.report import Problem, Severity

if TYPE_CHECKING:
    from conda_preflight.solving.sharing import Clash, Sharing


@check("solve/separate-environments", Severity.NOTE)
def separate_environments(project: Project, sharing: Sharing) -> Iterator[Problem]:
    """Projects in this folder cannot share one environment.

    Two projects that were written at different times often ask for versions that exclude each
    other, and whoever updates a shared environment for one breaks the other. This says which
    manifests can live in one environment, as far as conda's half goes and the versions that pip
    sections pin, and which lines keep the others apart. The first dozen manifests that have a
    solution are tried.

    ## Fails

    ```yaml old/environment.yml
    channels: [main]
    dependencies:
      - tensorflow=2.12
    ```

    ```yaml new/environment.yml
    channels: [main]
    dependencies:
      - tensorflow=2.15
      - numpy
    ```

    ```text main/linux-64.packages
    tensorflow 2.12.1: numpy <1.24
    tensorflow 2.15.0: numpy >=1.24
    numpy 1.23.5
    numpy 1.26.4
    ```

    ```yaml old/environment.yml
    channels: [main]
    dependencies:
      - python=3.11
      - pip
      - pip:
          - tensorflow==2.12.0
    ```

    ```yaml new/environment.yml
    channels: [main]
    dependencies:
      - python=3.11
      - pip
      - pip:
          - tensorflow==2.15.0
    ```

    ```text main/linux-64.packages
    python 3.11.4
    pip 24.0: python
    ```

    ## Passes

    ```yaml train/environment.yml
    channels: [main]
    dependencies:
      - tensorflow=2.15
    ```

    ```yaml serve/environment.yml
    channels: [main]
    dependencies:
      - tensorflow>=2.12
      - numpy
    ```

    ```text main/linux-64.packages
    tensorflow 2.12.1: numpy <1.24
    tensorflow 2.15.0: numpy >=1.24
    numpy 1.23.5
    numpy 1.26.4
    ```

    ## Fix

    Keep an environment for each group of projects, under a name of its own, or bring the lines
    that are named here to the same versions.
    """
    groups = sharing.groups(project.of(Manifest))
    if sum(len(group) for group, _ in groups) < 2:  # noqa: PLR2004  (two to compare)
        raise Skip("fewer than two manifests have a solution")
    first = groups[0][0]
    for group, clash in groups[1:]:
        if clash is not None:
            yield _problem(first, group, clash)


def _problem(first: Sequence[Manifest], group: Sequence[Manifest], clash: Clash) -> Problem:
    own = next((line for line in clash.lines if line.location.path == group[0].path), None)
    named = " and ".join(
        f"`{line.text.strip()}` ({line.location.path}:{line.location.line})" for line in clash.lines
    )
    return Problem(
        group[0].path,
        f"{_names(group)} cannot share an environment with {_names(first)}: "
        f"{named or 'their lines'} exclude each other. {clash.why}".strip(),
        own.location if own else group[0].location,
        "Keep an environment for each, or bring these lines to the same versions.",
    )


def _names(group: Sequence[Manifest]) -> str:
    names = [f"`{manifest.path}`" for manifest in group]
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
