"""housekeeping/kept-archive."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.accounting.orphans import is_archive
from conda_preflight.accounting.telling import few, place
from conda_preflight.accounting.verifications import Verifications
from conda_preflight.check import check
from conda_preflight.documents import Prefix
from conda_preflight.documents.accounts import ORPHAN
from conda_preflight.report import Problem, Severity


@check("housekeeping/kept-archive", Severity.NOTE)
def kept_archive(prefix: Prefix, verifications: Verifications) -> Iterator[Problem]:
    """A package as it was downloaded lies in the environment.

    Somebody put a `.conda`, `.tar.bz2` or wheel there to install it, and left it. It weighs about
    as much as what it installs, and is copied into every image and archive of the environment.
    Wheels that a package brings, as Python does with pip's, are not told.

    ## Fails

    ```text conda-meta/history
    ```

    ```text greet-1.0-py_0.conda
    an archive
    ```

    ## Passes

    ```json conda-meta/greet-1.0-0.json
    {"name": "greet", "version": "1.0", "files": ["share/wheels/pip-24.0-py3-none-any.whl"]}
    ```

    ```text share/wheels/pip-24.0-py3-none-any.whl
    what Python brings
    ```

    ## Fix

    Delete it once it is installed; in a Dockerfile in the same `RUN`, or mount it with
    `RUN --mount=type=bind`.
    """
    paths = [each.path for each in verifications.of(prefix).of(ORPHAN) if is_archive(each.path)]
    if paths:
        yield Problem(
            "archives",
            f"Packages as they were downloaded lie in the environment: {few(paths)}",
            place(prefix.path, paths[0]),
            "Delete them once they are installed.",
        )
