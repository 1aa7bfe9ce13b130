"""solve/some-platforms-only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from conda_preflight.check import Skip, check
from conda_preflight.documents import Manifest
from conda_preflight.report import Problem, Severity

if TYPE_CHECKING:
    from conda_preflight.solving.explanation import Explanation
    from conda_preflight.solving.solves import Solves


@check("solve/some-platforms-only", Severity.ERROR)
def some_platforms_only(manifest: Manifest, solves: Solves) -> Iterator[Problem]:
    """The manifest can be installed on some of its platforms, and not on others.

    A package that nobody built for a platform, or that is older there, makes the environment
    impossible on it. The platforms are those of the manifest or of the settings.

    ## Fails

    ```yaml environment.yml
    channels: [main]
    dependencies:
      - python=3.11
      - faiss=1.8
    platforms:
      - linux-64
      - osx-arm64
    ```

    ```text main/linux-64.packages
    python 3.11.4
    faiss 1.8.0
    ```

    ```text main/osx-arm64.packages
    python 3.11.4
    faiss 1.7.4
    ```

    ## Passes

    ```yaml environment.yml
    channels: [main]
    dependencies:
      - python=3.11
      - faiss=1.8  # [linux]
    platforms:
      - linux-64
      - osx-arm64
    ```

    ```text main/linux-64.packages
    python 3.11.4
    faiss 1.8.0
    ```

    ```text main/osx-arm64.packages
    python 3.11.4
    ```

    ## Fix

    Ask for a version that each platform has, or write a selector behind the line, such as
    `# [linux]`.
    """
    from conda_preflight.solving.telling import fix, joined, message

    solutions = solves.solutions(manifest)
    if len(solutions) == 1:
        raise Skip(f"it is solved for one platform only, {next(iter(solutions))}")
    works = [platform for platform, solution in solutions.items() if solution is not None]
    told: dict[str, list[str]] = {}
    explanations: dict[str, Explanation] = {}
    for platform, asked in solves.unsolved(manifest).items() if works else ():
        found = solves.explanation(manifest, asked)
        key = " ".join(line.name for line in found.guilty) or "dependencies"
        told.setdefault(key, []).append(platform)
        explanations.setdefault(key, found)
    for key, found in explanations.items():
        yield Problem(
            key,
            f"{message(found, told[key])} It has a solution on {joined(works)}.",
            found.guilty[0].location if found.guilty else manifest.location,
            fix(found),
        )
