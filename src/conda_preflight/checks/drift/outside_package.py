"""drift/outside-package."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.accounting.outsides import Outsides
from conda_preflight.accounting.telling import few, shown
from conda_preflight.check import check
from conda_preflight.documents import Location, Prefix
from conda_preflight.documents.outside import OutsideFolder
from conda_preflight.report import Problem, Severity


@check("drift/outside-package", Severity.WARNING)
def outside_package(prefix: Prefix, outsides: Outsides) -> Iterator[Problem]:
    """Python finds packages that are not in the environment.

    The user's own folder (`~/.local`), PYTHONPATH, a path in a `.pth` file or
    `include-system-site-packages` in a `pyvenv.cfg`: what lies there is imported too, is in no
    lock, and is different for each user and machine. It is an error where such a package has the
    name of one in the environment and is found first: the locked one is not the one that runs.

    ## Fails

    ```text prefix/conda-meta/history
    ```

    ```text prefix/lib/python3.11/site-packages/shared.pth
    ../../../../shared
    ```

    ```text shared/greet-1.0.dist-info/METADATA
    Metadata-Version: 2.1
    Name: greet
    Version: 1.0
    ```

    ## Passes

    ```text prefix/conda-meta/history
    ```

    ```text prefix/lib/python3.11/site-packages/greet-1.0.dist-info/METADATA
    Metadata-Version: 2.1
    Name: greet
    Version: 1.0
    ```

    ## Fix

    Set `PYTHONNOUSERSITE=1`, unset `PYTHONPATH`, remove the `.pth` file, and install what is needed
    into the environment, by manifest and lock.
    """
    own = {p.name for p in prefix.packages if p.manager == "pypi"} | prefix.projects.keys()
    for folder in outsides.of(prefix).folders:
        yield _problem(prefix, folder, own)


def _problem(prefix: Prefix, folder: OutsideFolder, own: set[str]) -> Problem:
    hidden = [f"{name} {version}" for name, version in folder.projects if name in own]
    others = [f"{name} {version}" for name, version in folder.projects if name not in own]
    before = f", in place of the environment's: {few(hidden)}" if folder.is_first and hidden else ""
    rest = f": {few(others or hidden)}" if not before else ""
    count = len(folder.projects)
    return Problem(
        shown(folder.path),
        f"Python also imports from {shown(folder.path)} ({folder.how}), which holds {count} "
        f"project{'s' * (count > 1)}{before}{rest}",
        Location(prefix.path),
        "Keep Python from looking there, and install what is needed into the environment.",
        Severity.ERROR if before else None,
    )
