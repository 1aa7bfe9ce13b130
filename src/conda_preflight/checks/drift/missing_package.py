"""drift/missing-package."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Lock, Prefix, Project
from conda_preflight.drift import deviations, moved
from conda_preflight.grammar.package_text import named, reinstall
from conda_preflight.report import Problem, Severity


@check("drift/missing-package", Severity.ERROR)
def missing_package(prefix: Prefix, project: Project) -> Iterator[Problem]:
    """A locked package is not installed.

    The environment was made from another lock, an installation was stopped, or somebody removed
    the package. What needs it fails when it is first used. Without a lock the manifest says what
    must be there.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.example.org/conda-forge/linux-64/zlib-1.3.1-0.conda
    https://conda.example.org/conda-forge/linux-64/xz-5.6.3-0.conda
    ```

    ```json prefix/conda-meta/zlib-1.3.1-0.json
    {"name": "zlib",
    "version": "1.3.1",
    "build": "0",
    "subdir": "linux-64",
    "channel": "conda-forge"}
    ```

    ```json prefix/conda-meta/zlib-1.3.1-0.json
    {"name": "zlib",
    "version": "1.3.1",
    "build": "0",
    "subdir": "linux-64",
    "channel": "conda-forge"}
    ```

    ```yaml environment.yml
    channels: [conda-forge]
    dependencies:
      - zlib
      - xz
    ```


    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.example.org/conda-forge/linux-64/zlib-1.3.1-0.conda
    ```

    ```json prefix/conda-meta/zlib-1.3.1-0.json
    {"name": "zlib",
    "version": "1.3.1",
    "build": "0",
    "subdir": "linux-64",
    "channel": "conda-forge"}
    ```


    ## Fix

    Make the environment anew from its lock, or install the package in its locked version.
    """
    for deviation in deviations(prefix, project) if not project.of(Lock) else ():
        if deviation.fault == "missing":
            yield Problem(
                deviation.name,
                f"`{deviation.asked}` is asked for and not installed in {prefix.path}",
                deviation.at,
                "Install it, or take the line out.",
            )
    for each in moved(prefix, project, "removed") if project.of(Lock) else ():
        if each.locked:
            yield Problem(
                each.locked.name,
                f"{named(each.locked)} is locked and not installed in {prefix.path}",
                each.locked.location,
                reinstall(each.locked),
            )
