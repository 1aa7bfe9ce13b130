"""lock/md5-only."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Lock, Project
from conda_preflight.grammar.lock_file import again, packages_of_file, some
from conda_preflight.report import Problem, Severity

_LIST = "Export again with `conda list --explicit --sha256`, or run `conda-preflight lock`."


@check("lock/md5-only", Severity.WARNING)
def md5_only(lock: Lock, project: Project) -> Iterator[Problem]:
    """Locked packages have an md5 digest and no sha256.

    An md5 digest notices a broken download, and not somebody who wants to deceive: two files
    with the same md5 can be made at will since 2004. Told once for a file.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda#00000000000000000000000000000000
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda#sha256:0000000000000000000000000000000000000000000000000000000000000000
    ```

    ## Fix

    Lock again with a tool that writes sha256 digests, such as `conda-preflight lock`.
    """
    packages = packages_of_file(lock, project)
    weak = [p for p in packages if p.md5 and not p.sha256]
    if weak:
        several = f"{len(weak)} of {len(packages)} packages have only an md5 digest: "
        yield Problem(
            "digests",
            f"{several}{some(p.name for p in weak)}"
            if len(weak) > 1
            else f"`{weak[0].name}` has only an md5 digest",
            weak[0].location,
            _LIST if lock.kind == "explicit" else again(lock),
        )
