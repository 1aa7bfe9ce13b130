"""solve/unsolvable."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from conda_preflight.check import Skip, check
from conda_preflight.documents import Manifest
from conda_preflight.report import Problem, Severity

if TYPE_CHECKING:
    from conda_preflight.solving.explanation import Explanation
    from conda_preflight.solving.solves import Solves

_TOLD = "another rule of this family tells why there is no solution"


@check("solve/unsolvable", Severity.ERROR)
def unsolvable(manifest: Manifest, solves: Solves) -> Iterator[Problem]:
    """The lines of the manifest exclude each other, so that nothing can be installed.

    Each package limits which versions of others it can live with. Where no choice of versions
    is left, conda refuses the whole environment. The lines named here are a smallest set: without
    any one of them the rest has a solution. The change that is proposed was tried.

    Lines that no channel can meet are told by `solve/unknown-package`, and what fails on some
    platforms only by `solve/some-platforms-only`.

    ## Fails

    ```yaml environment.yml
    channels: [main]
    dependencies:
      - python=3.11
      - tensorflow=2.12
      - numpy=2.0
    ```

    ```text main/linux-64.packages
    python 3.11.4
    tensorflow 2.12.1: python 3.11.*, numpy >=1.22,<1.24
    numpy 1.23.5: python 3.11.*
    numpy 2.0.1: python 3.11.*
    ```

    ```yaml environment.yml
    channels: [main]
    dependencies:
      - pytorch=2.4
    ```

    ```text main/linux-64.packages
    pytorch 2.4.1: __cuda >=12.4
    ```

    ```toml preflight.toml
    virtual-packages = ["__cuda=11.4"]
    ```

    ## Passes

    ```yaml environment.yml
    channels: [main]
    dependencies:
      - tensorflow=2.12
      - numpy=1.23
    ```

    ```text main/linux-64.packages
    python 3.11.4
    tensorflow 2.12.1: python 3.11.*, numpy >=1.22,<1.24
    numpy 1.23.5: python 3.11.*
    ```

    ```yaml environment.yml
    channels: [main]
    dependencies:
      - pytorch=2.4
    ```

    ```text main/linux-64.packages
    pytorch 2.4.1: __cuda >=12.4
    ```

    ```toml preflight.toml
    virtual-packages = ["__cuda=12.6"]
    ```

    ## Fix

    Loosen or drop one of the lines. A package whose newest version needs an older library than
    the others has to go into an environment of its own.
    """
    from conda_preflight.solving.telling import fix, message

    if not solves.is_nowhere(manifest):
        if None in solves.solutions(manifest).values():
            raise Skip(_TOLD)
        return
    told: dict[tuple[int, ...], list[str]] = {}
    explanations: dict[tuple[int, ...], Explanation] = {}
    for platform in solves.unsolved(manifest):
        asked = solves.present(manifest, platform)
        if not solves.is_export(manifest, platform) and solves.ask(manifest, asked) is None:
            found = solves.explanation(manifest, asked)
            key = tuple(line.location.line for line in found.guilty)
            told.setdefault(key, []).append(platform)
            explanations.setdefault(key, found)
    if not told:
        raise Skip(_TOLD)
    for key, found in explanations.items():
        yield Problem(
            " ".join(line.name for line in found.guilty) or "dependencies",
            message(found, told[key]),
            found.guilty[0].location if found.guilty else manifest.location,
            fix(found),
        )
