"""drift/other-manager."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Lock, Prefix, Project
from conda_preflight.drift import moved
from conda_preflight.grammar.package_text import named, reinstall
from conda_preflight.report import Problem, Severity


@check("drift/other-manager", Severity.ERROR)
def other_manager(prefix: Prefix, project: Project) -> Iterator[Problem]:
    """A package was installed by another manager than the one that locked it.

    `pip install` over a package of conda removes conda's files and puts its own there; conda's
    record stays and tells of files that are gone, also when both have the same version. The next
    `conda install` mixes the two. This needs no lock to be seen; with one, a package that
    was locked for one manager and is there by the other is told too.

    ## Fails

    ```json prefix/conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "build": "0", "subdir": "linux-64", "files": [
      "lib/python3.11/site-packages/greet-1.0.dist-info/METADATA"]}
    ```

    ```text prefix/lib/python3.11/site-packages/greet-1.1.dist-info/METADATA
    Metadata-Version: 2.1
    Name: greet
    Version: 1.1
    ```

    ```text prefix/lib/python3.11/site-packages/greet-1.1.dist-info/INSTALLER
    pip
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

    Ask for the version by conda alone, or by pip alone, in the manifest; lock, and make the
    environment anew. `conda install --force-reinstall NAME` after `pip uninstall NAME` mends a
    single one.
    """
    locked = {(p.manager, p.name) for lock in project.of(Lock) for p in lock.packages}
    for each in prefix.replaced:
        if ("pypi", each.project.name) not in locked:
            version = each.project.version
            same = " in the same version" if version == each.conda.version else f" {version}"
            yield Problem(
                each.conda.name,
                f"{each.installer} has put `{each.project.name}`{same} over {named(each.conda)} of "
                "conda",
                each.project.location,
                "Install it by one manager alone: name it so in the manifest, and lock.",
            )
    for move in moved(prefix, project, "manager") if project.of(Lock) else ():
        if move.locked and move.installed:
            names = {"conda": "conda", "pypi": "pip"}
            one, other = names[move.locked.manager], names[move.installed.manager]
            yield Problem(
                move.locked.name,
                f"`{move.locked.name}` is locked for {one}, and installed by {other}",
                move.installed.location,
                reinstall(move.locked),
            )
