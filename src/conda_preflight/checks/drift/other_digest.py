"""drift/other-digest."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Prefix, Project
from conda_preflight.drift import moved
from conda_preflight.grammar.package_text import named
from conda_preflight.report import Problem, Severity


@check("drift/other-digest", Severity.ERROR)
def other_digest(prefix: Prefix, project: Project) -> Iterator[Problem]:
    """A package has the locked name, version and build, and other bytes.

    A channel has replaced the file, or somebody has replaced the package: nothing in its name says
    so. This is what digests in a lock are for.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.example.org/conda-forge/linux-64/zlib-1.3.1-0.conda#00000000000000000000000000000000
    ```

    ```json prefix/conda-meta/zlib-1.3.1-0.json
    {"name": "zlib",
    "version": "1.3.1",
    "build": "0",
    "subdir": "linux-64",
    "channel": "conda-forge",
    "md5": "11111111111111111111111111111111"}
    ```


    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.example.org/conda-forge/linux-64/zlib-1.3.1-0.conda#00000000000000000000000000000000
    ```

    ```json prefix/conda-meta/zlib-1.3.1-0.json
    {"name": "zlib",
    "version": "1.3.1",
    "build": "0",
    "subdir": "linux-64",
    "channel": "conda-forge",
    "md5": "00000000000000000000000000000000"}
    ```


    ## Fix

    Find out which of the two files is the right one before anything is installed from it again.
    """
    for each in moved(prefix, project, "digest"):
        one, other = each.locked, each.installed
        if one and other:
            kind = "sha256" if one.sha256 and other.sha256 else "md5"
            was, now = getattr(one, kind), getattr(other, kind)
            yield Problem(
                one.name,
                f"{named(one)} is locked with {kind} {was[:12]}, and installed from a file with "
                f"{now[:12]}",
                other.location,
                "Find out which file is the right one, then make the environment anew.",
            )
