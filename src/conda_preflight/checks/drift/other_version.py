"""drift/other-version."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Lock, Prefix, Project
from conda_preflight.drift import deviations, moved
from conda_preflight.grammar.package_text import named, reinstall
from conda_preflight.report import Problem, Severity

_KINDS = ("upgraded", "downgraded", "reversioned")


@check("drift/other-version", Severity.ERROR)
def other_version(prefix: Prefix, project: Project) -> Iterator[Problem]:
    """A package is installed in another version than the locked one.

    What was tested with the lock is not what runs here. Without a lock, a version that the manifest
    does not allow.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.example.org/conda-forge/linux-64/zlib-1.3.1-0.conda
    ```

    ```json prefix/conda-meta/zlib-1.2.13-0.json
    {"name": "zlib",
    "version": "1.2.13",
    "build": "0",
    "subdir": "linux-64",
    "channel": "conda-forge"}
    ```

    ```json prefix/conda-meta/zlib-1.2.13-0.json
    {"name": "zlib",
    "version": "1.2.13",
    "build": "0",
    "subdir": "linux-64",
    "channel": "conda-forge"}
    ```

    ```yaml environment.yml
    channels: [conda-forge]
    dependencies:
      - zlib=1.3
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

    Make the environment anew from its lock, or install the locked version.
    """
    for deviation in deviations(prefix, project) if not project.of(Lock) else ():
        if deviation.fault in ("version", "build", "channel") and deviation.package:
            yield Problem(
                deviation.name,
                f"{named(deviation.package)} is installed, and `{deviation.asked}` asked for",
                deviation.at,
                "Install what is asked for, or change the line.",
            )
    for each in moved(prefix, project, *_KINDS) if project.of(Lock) else ():
        if each.locked and each.installed:
            yield Problem(
                each.locked.name,
                f"{named(each.locked)} is locked, and {each.installed.version} is installed",
                each.installed.location,
                reinstall(each.locked),
            )
