"""lock/artefact-gone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from conda_preflight.check import check
from conda_preflight.documents import Lock, Project
from conda_preflight.grammar.lock_file import again, packages_of_file, some
from conda_preflight.grammar.url import redact
from conda_preflight.report import Problem, Severity

if TYPE_CHECKING:
    from conda_preflight.solving.channels import Channels, Standing


@check("lock/artefact-gone", Severity.ERROR)
def artefact_gone(lock: Lock, project: Project, channels: Channels) -> Iterator[Problem]:
    """A locked package is no longer in its channel.

    Whoever installs from the lock asks for a file that the channel does not list any more. It
    may still be downloaded from a cache for a while, and then the environment cannot be made.
    The index of each channel is read; no package is downloaded. What a channel moved to its label
    `broken` is told by `lock/build-marked-broken`.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.example.org/main/linux-64/numpy-1.26.3-py311_0.conda
    https://conda.example.org/main/noarch/tqdm-4.66.0-0.conda
    ```

    ```text main/linux-64.packages
    numpy 1.26.4 py311_0
    - numpy-1.26.3-py311_0.conda
    ```

    ```text main/noarch.packages
    tqdm 4.66.0
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.example.org/main/linux-64/numpy-1.26.4-py311_0.tar.bz2
    https://conda.example.org/main/linux-64/scipy-1.11.0-py311_0.conda
    ```

    ```text main/linux-64.packages
    numpy 1.26.4 py311_0
    ```

    ```text main/label/broken/linux-64.packages
    scipy 1.11.0 py311_0
    ```

    ## Fix

    Lock again, and keep copies of what production needs in a channel of your own.
    """
    gone: dict[tuple[str, bool], list[Standing]] = {}
    for standing in channels.standings(packages_of_file(lock, project)):
        if not standing.listed and not channels.is_broken(standing):
            gone.setdefault((standing.channel, standing.removed), []).append(standing)
    for (channel, removed), group in gone.items():
        packages = [standing.package for standing in group]
        names = some(f"{p.name} {p.version} ({p.build})" for p in packages)
        how = "took back" if removed else "does not list any more"
        yield Problem(
            packages[0].name if len(packages) == 1 else redact(channel),
            f"The channel {redact(channel)} {how}: {names}",
            packages[0].location,
            again(lock),
        )
