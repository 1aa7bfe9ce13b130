"""lock/no-build."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Lock, Project
from conda_preflight.grammar.lock_file import packages_of_file, some
from conda_preflight.report import Problem, Severity


@check("lock/no-build", Severity.WARNING)
def no_build(lock: Lock, project: Project) -> Iterator[Problem]:
    """The lock does not say which files it means.

    A list of `name=version=build` has no URLs: conda solves it again with whatever channels
    the machine has, and fails when one build was withdrawn. A line without a build leaves
    even that open. Told once for a file.

    ## Fails

    ```text packages.txt
    # This file may be used to create an environment using:
    # $ conda create --name <env> --file <this file>
    # platform: linux-64
    numpy=1.26.4=py311h1_0
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda
    ```

    ## Fix

    Export with `conda list --explicit --sha256`, or run `conda-preflight lock`.
    """
    packages = [p for p in packages_of_file(lock, project) if p.manager == "conda"]
    open_ones = [p for p in packages if not p.url]
    if not open_ones:
        return
    bare = [p for p in open_ones if not p.build]
    also = f", and no build of {some(p.name for p in bare)}" if bare else ""
    yield Problem(
        "urls",
        f"The list gives no URLs for {len(open_ones)} packages{also}, so conda solves it again",
        open_ones[0].location,
        "Export with `conda list --explicit --sha256`, or run `conda-preflight lock`.",
    )
