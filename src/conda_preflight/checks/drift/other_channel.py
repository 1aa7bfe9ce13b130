"""drift/other-channel."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Prefix, Project
from conda_preflight.drift import moved
from conda_preflight.grammar.package_text import named, reinstall
from conda_preflight.grammar.url import redact
from conda_preflight.report import Problem, Severity


@check("drift/other-channel", Severity.ERROR)
def other_channel(prefix: Prefix, project: Project) -> Iterator[Problem]:
    """A package comes from another channel than the locked one.

    Two channels build the same version differently, and what was tested is one of them. A mirror of
    the locked channel, and a file with the locked digest, are the same and not told.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.example.org/conda-forge/linux-64/zlib-1.3.1-0.conda
    ```

    ```json prefix/conda-meta/zlib-1.3.1-0.json
    {"name": "zlib",
    "version": "1.3.1",
    "build": "0",
    "subdir": "linux-64",
    "channel": "https://conda.example.org/other"}
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

    Make the environment anew from its lock, with the channels of the lock alone.
    """
    for each in moved(prefix, project, "channel"):
        one, other = each.locked, each.installed
        if one and other and not (one.sha256 and one.sha256 == other.sha256):
            yield Problem(
                one.name,
                f"{named(one)} is locked from {redact(one.channel)}, and installed from "
                f"{redact(other.channel)}",
                other.location,
                reinstall(one),
            )
