"""lock/several-python."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Lock, Package
from conda_preflight.grammar.lock_file import again, some
from conda_preflight.report import Problem, Severity


@check("lock/several-python", Severity.ERROR)
def several_python(lock: Lock) -> Iterator[Problem]:
    """One package is locked twice for one platform, Python itself for example.

    A prefix holds one version of a package. Two in one lock come from a bad merge or from two
    locks written into one file, and which of them ends up in the prefix is chance.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda
    https://conda.anaconda.org/conda-forge/linux-64/python-3.12.4-h1_0_cpython.conda
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda
    https://conda.anaconda.org/conda-forge/linux-64/python_abi-3.11-4_cp311.conda
    ```

    ## Fix

    Lock again.
    """
    first: dict[tuple[str, str, str], Package] = {}
    doubled: dict[tuple[str, str], list[tuple[Package, Package]]] = {}
    for package in lock.packages:
        key = (package.manager, package.name, package.platform or package.subdir)
        other = first.setdefault(key, package)
        if _differ(package, other):
            doubled.setdefault(key[:2], []).append((other, package))
    for (_, name), pairs in doubled.items():
        yield _problem(name, pairs, lock)


def _differ(one: Package, other: Package) -> bool:
    if one is other or not (one.version and other.version):
        return False
    if one.subdir != other.subdir and "noarch" not in (one.subdir, other.subdir):
        return False  # another rule tells of lists that mix platforms
    return (one.version, one.build) != (other.version, other.build)


def _problem(name: str, pairs: list[tuple[Package, Package]], lock: Lock) -> Problem:
    first, second = pairs[0]
    same = first.version == second.version
    what = [f"{p.version} {p.build}" if same else p.version for p in (first, second)]
    platforms = some((p.platform for _, p in pairs if p.platform), 6)
    where = f" on {platforms}" if platforms else ""
    return Problem(
        name,
        f"`{name}` is locked as {what[0]} and as {what[1]}{where}, and a prefix holds one of them",
        second.location,
        again(lock),
    )
