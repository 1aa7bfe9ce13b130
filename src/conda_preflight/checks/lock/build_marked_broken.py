"""lock/build-marked-broken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from conda_preflight.check import check
from conda_preflight.documents import Lock, Project
from conda_preflight.grammar.lock_file import again, packages_of_file
from conda_preflight.report import Problem, Severity

if TYPE_CHECKING:
    from conda_preflight.solving.channels import Channels


@check("lock/build-marked-broken", Severity.ERROR)
def build_marked_broken(lock: Lock, project: Project, channels: Channels) -> Iterator[Problem]:
    """A locked build was withdrawn since, because it does not work.

    conda-forge moves such builds to its label `broken`, other channels mark them as revoked. No
    solver takes them any more, and an old lock still does.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.example.org/main/linux-64/numpy-1.26.3-py311_0.conda
    https://conda.example.org/main/linux-64/scipy-1.11.0-0.conda
    ```

    ```text main/linux-64.packages
    numpy 1.26.3 py311_1
    scipy 1.11.0: package_has_been_revoked
    ```

    ```text main/label/broken/linux-64.packages
    numpy 1.26.3 py311_0
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.example.org/main/linux-64/numpy-1.26.3-py311_1.conda
    ```

    ```text main/linux-64.packages
    numpy 1.26.3 py311_1
    ```

    ```text main/label/broken/linux-64.packages
    numpy 1.26.3 py311_0
    ```

    ## Fix

    Lock again: a solver takes the next build.
    """
    for standing in channels.standings(packages_of_file(lock, project)):
        if channels.is_broken(standing):
            package = standing.package
            yield Problem(
                package.name,
                f"{package.name} {package.version} ({package.build}) was withdrawn by its channel "
                "since it was locked: it does not work",
                package.location,
                again(lock),
            )
