"""lock/platform-mismatch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import PLATFORMS, Lock, Package
from conda_preflight.grammar.lock_file import again, some
from conda_preflight.report import Problem, Severity


@check("lock/platform-mismatch", Severity.ERROR)
def platform_mismatch(lock: Lock) -> Iterator[Problem]:
    """Packages are built for another platform than the lock is for.

    Conda installs an explicit list without a look at the platform: the prefix is complete,
    and its programs do not start. The platform is the one that the lock states or that its
    file name has; a list without one is for the platform of most of its packages.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/osx-64/python-3.11.9-h1_0_cpython.conda
    https://conda.anaconda.org/conda-forge/noarch/pip-24.0-pyhd8ed1ab_0.conda
    ```

    ```text pinned_specs.txt
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda
    https://conda.anaconda.org/conda-forge/linux-64/zlib-1.3.1-h1_0.conda
    https://conda.anaconda.org/conda-forge/osx-64/numpy-1.26.4-py311h1_0.conda
    ```

    ```text pinned_specs.txt
    # platform: linux-aarch64
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda
    ```

    ## Passes

    ```text conda-linux-64.lock
    # platform: linux-64
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda
    https://conda.anaconda.org/conda-forge/noarch/pip-24.0-pyhd8ed1ab_0.conda
    ```

    ## Fix

    Lock again on, or for, the platform that is meant.
    """
    strange: dict[tuple[str, str], list[Package]] = {}
    usual = _most(lock)
    for package in lock.packages:
        platform = lock.subdirs.get(package.platform, package.platform) or usual
        built = package.subdir
        if package.manager == "conda" and built not in ("", "noarch", platform):
            strange.setdefault((platform, built), []).append(package)
    for (platform, built), packages in strange.items():
        if platform in PLATFORMS:
            count = f"{len(packages)} packages are" if len(packages) > 1 else "A package is"
            yield Problem(
                f"{built} in {platform}",
                f"{count} built for {built}, and the lock is for {platform}: "
                f"{some(p.name for p in packages)}",
                packages[0].location,
                again(lock),
            )


def _most(lock: Lock) -> str:
    """The subdir of most packages."""
    counts = Counter(p.subdir for p in lock.packages if p.subdir not in ("", "noarch"))
    return counts.most_common(1)[0][0] if counts else ""
