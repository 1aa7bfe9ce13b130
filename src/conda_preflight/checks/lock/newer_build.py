"""lock/newer-build."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from conda_preflight.check import check
from conda_preflight.documents import Lock, Package, Project
from conda_preflight.grammar.build_string import variant
from conda_preflight.grammar.conda_url import build_number
from conda_preflight.grammar.lock_file import again, packages_of_file, some
from conda_preflight.report import Problem, Severity

if TYPE_CHECKING:
    from conda_preflight.solving.channels import Channels, Standing


@check("lock/newer-build", Severity.NOTE)
def newer_build(lock: Lock, project: Project, channels: Channels) -> Iterator[Problem]:
    """A channel has newer builds of the versions that are locked.

    A package is built anew in the same version to mend how it was built: a wrong dependency, a
    patch, a library with a known fault that was linked in. Counted are builds of the same kind,
    for the same Python and CUDA.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.example.org/main/linux-64/numpy-1.26.4-py311h64a7726_0.conda
    ```

    ```text main/linux-64.packages
    numpy 1.26.4 py311h64a7726_0
    numpy 1.26.4 py311ha1b2c3d_1
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.example.org/main/linux-64/numpy-1.26.4-py311h64a7726_0.conda
    ```

    ```text main/linux-64.packages
    numpy 1.26.4 py311h64a7726_0
    numpy 1.26.4 py312ha1b2c3d_1
    numpy 1.27.0 py311ha1b2c3d_1
    ```

    ## Fix

    Lock again when it suits: `conda-preflight lock --update NAME` moves one package alone.
    """
    newer = {
        standing.package: better
        for standing in channels.standings(packages_of_file(lock, project))
        if (better := _newest(standing))
    }
    if newer:
        names = some(f"{p.name} {p.version} ({p.build}, now {n.build})" for p, n in newer.items())
        number = f"{len(newer)} packages" if len(newer) > 1 else "A package"
        yield Problem(
            "builds",
            f"{number} of the lock {'have' if len(newer) > 1 else 'has'} a newer build of the same "
            f"version: {names}",
            next(iter(newer)).location,
            again(lock),
        )


def _newest(standing: Standing) -> Package | None:
    """The newest build of the same version and kind, None where the locked one is it."""
    locked = standing.package
    number = locked.build_number
    if number is None:
        number = standing.record.build_number if standing.record else build_number(locked.build)
    found = [
        other
        for other in standing.others
        if other.version == locked.version
        and variant(other.build) == variant(locked.build)
        and number is not None
        and (other.build_number or 0) > number
    ]
    return max(found, key=lambda other: other.build_number or 0, default=None)
