"""lock/unhashed."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Lock, Package, Project
from conda_preflight.grammar.lock_file import again, packages_of_file, some
from conda_preflight.pattern import lazy_pattern
from conda_preflight.report import Problem, Severity

_COMMIT = lazy_pattern(r"[@#=][0-9a-f]{40}(?![0-9a-f])")
_FILES = (".conda", ".bz2", ".whl", ".gz", ".zip")
_LIST = "Export again with `conda list --explicit --sha256`, or run `conda-preflight lock`."


@check("lock/unhashed", Severity.ERROR)
def unhashed(lock: Lock, project: Project) -> Iterator[Problem]:
    """Locked packages have no digest.

    Without a digest nobody notices that a server, a mirror or somebody on the way gives
    another file under the same URL, and a file that was cut off while downloading is
    installed as it is. A repository at a full commit, and a path of the project itself, need
    none. Told once for a file.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda
    ```

    ```text packages.txt
    # This file may be used to create an environment using:
    # $ conda create --name <env> --file <this file>
    # platform: linux-64
    numpy=1.26.4=py311h1_0
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda#00000000000000000000000000000000
    ```

    ## Fix

    Lock again with a tool that writes digests, such as conda-lock. An explicit
    list gets them from `conda list --explicit --sha256`.
    """
    packages = packages_of_file(lock, project)
    bare = [p for p in packages if not (p.sha256 or p.md5 or _is_fixed(p))]
    if not bare:
        return
    kinds = {p.manager for p in bare}
    what = "pip packages" if kinds == {"pypi"} else "packages"
    yield Problem(
        "digests",
        f"{len(bare)} of {len(packages)} {what} have no digest: {some(p.name for p in bare)}"
        if len(bare) > 1
        else f"`{bare[0].name}` has no digest",
        bare[0].location,
        _LIST if lock.kind in ("explicit", "conda-list") else again(lock),
    )


def _is_fixed(package: Package) -> bool:
    """Whether another thing than a digest fixes it: a commit, or it is part of the project."""
    url = package.url
    if package.editable or (url and "://" not in url and not url.endswith(_FILES)):
        return True
    cloned = url.startswith("git+") or ".git" in url or "rev=" in url
    return cloned and bool(_COMMIT.search(url))
