"""target/other-platform."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Host, Lock, Package, Prefix
from conda_preflight.grammar.lock_file import some, subdir
from conda_preflight.report import Problem, Severity

_NOT_SAID = frozenset(("", "noarch"))


@check("target/other-platform", Severity.ERROR, reads=("os", "arch"))
def other_platform(lock: Lock | Prefix, host: Host) -> Iterator[Problem]:
    """The target is of a platform for which the lock or the prefix has no packages.

    linux-64 does not run on an aarch64 machine such as GH200, GB200 or a Jetson, nor the
    other way round, and nothing of Linux runs on Windows or macOS. Packages of osx-64 run on
    Apple's own processors under Rosetta, and those of win-64 on Windows for Arm: a warning.

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-hb806964_0_cpython.conda
    ```

    ```toml preflight.toml
    targets = ["host.json"]
    ```

    ```json host.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "aarch64"}
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-hb806964_0_cpython.conda
    ```

    ```toml preflight.toml
    targets = ["host.json"]
    ```

    ```json host.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64"}
    ```

    ## Fix

    Lock for the platform of the target as well: `conda-preflight lock --platform linux-aarch64`.
    """
    if not host.subdir:
        raise Skip("the target does not say its system and its processor")
    found = _platforms(lock)
    if not found:
        raise Skip("it does not say for which platform it is")
    if host.subdir not in found:
        emulated = {"osx-arm64": "osx-64", "win-arm64": "win-64"}.get(host.subdir, "") in found
        yield Problem(
            host.subdir,
            f"This is for {some(found)}, and the target is {host.subdir}",
            lock.location,
            f"Lock for {host.subdir} as well.",
            Severity.WARNING if emulated else None,
        )


def _platforms(doc: Lock | Prefix) -> tuple[str, ...]:
    if isinstance(doc, Lock) and doc.platforms:
        return tuple(subdir(doc, platform) for platform in doc.platforms)
    return tuple(sorted({_said(package) for package in doc.packages} - _NOT_SAID))


def _said(package: Package) -> str:
    return package.subdir or package.platform
