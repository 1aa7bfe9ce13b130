"""drift/other-build."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.comparison import build
from conda_preflight.documents import Prefix, Project
from conda_preflight.drift import moved
from conda_preflight.facts.framework_builds import conda_flavour
from conda_preflight.grammar.package_text import named, reinstall
from conda_preflight.report import Problem, Severity


@check("drift/other-build", Severity.ERROR)
def other_build(prefix: Prefix, project: Project) -> Iterator[Problem]:
    """A package is installed in another build than the locked one.

    The version is right and the files are others: compiled with other options, against other
    libraries, for another Python, or without CUDA. A framework whose CUDA build was
    swapped for a CPU build runs, slowly, and says nothing.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.example.org/conda-forge/linux-64/pytorch-2.4.1-cuda120_py311h1_301.conda
    ```

    ```json prefix/conda-meta/pytorch-2.4.1-cpu_generic_py311h1_1.json
    {"name": "pytorch",
    "version": "2.4.1",
    "build": "cpu_generic_py311h1_1",
    "subdir": "linux-64",
    "channel": "conda-forge"}
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

    Make the environment anew from its lock. `conda install` in an environment may swap builds
    to please a new package: lock again instead.
    """
    for each in moved(prefix, project, "rebuilt"):
        if each.locked and each.installed:
            was, now = build(each.locked), build(each.installed)
            flavours = [conda_flavour(each.locked.name, b) for b in (was, now)]
            swap = _SWAPS.get((flavours[0], flavours[1]), "")
            yield Problem(
                each.locked.name,
                f"{named(each.locked)} is locked as build {was}, and {now} is installed{swap}",
                each.installed.location,
                reinstall(each.locked),
            )


_SWAPS = {
    ("gpu", "cpu"): ": a CPU build in place of the CUDA build",
    ("gpu", ""): ": the locked one is a CUDA build",
    ("cpu", "gpu"): ": a CUDA build in place of the CPU build",
}
