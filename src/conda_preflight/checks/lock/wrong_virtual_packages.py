"""lock/wrong-virtual-packages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.check import Skip, check
from conda_preflight.documents import Host, Location, Lock, Project
from conda_preflight.grammar.conda_order import parse
from conda_preflight.grammar.conda_version import matches
from conda_preflight.grammar.lock_file import subdir
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import document_type
from conda_preflight.report import Problem, Severity

_SYSTEMS = {"linux": "linux", "darwin": "osx", "windows": "win"}
_MACHINES = {
    "x86_64": "64",
    "amd64": "64",
    "aarch64": "aarch64",
    "arm64": "arm64",
    "ppc64le": "ppc64le",
    "s390x": "s390x",
}
_NAMES = {"__glibc": "glibc", "__cuda": "CUDA", "__linux": "Linux", "__archspec": "a CPU of"}
_LEVEL = "_x86_64-microarch-level"
_ARCHSPEC = lazy_pattern(r"x86_64_v([1-4])")
_DEPENDENCY = lazy_pattern(r"(__\w+)[ \t]*([^\s\[]*)")


@document_type
class _Lack:
    """One thing of the target that the lock needs otherwise."""

    name: str
    needed: str
    has: str
    who: str
    location: Location


@check("lock/wrong-virtual-packages", Severity.ERROR)
def wrong_virtual_packages(lock: Lock, project: Project) -> Iterator[Problem]:
    """The lock was made for another machine than the target.

    A solver knows a machine by virtual packages: `__glibc`, `__cuda`, `__linux`. They are
    those of the machine on which somebody locked, or a tool's defaults. Locked packages that
    need a newer glibc, driver or processor than the target has are installed there, and fail
    when they are loaded.

    ## Fails

    ```yaml conda-lock.yml
    version: 1
    metadata:
      content_hash: {linux-64: 0000000000000000000000000000000000000000000000000000000000000000}
      channels: [{url: conda-forge, used_env_vars: []}]
      platforms: [linux-64]
      sources: [environment.yml]
    package:
      - name: libtorch
        version: 2.8.0
        manager: conda
        platform: linux-64
        dependencies: {__glibc: '>=2.28,<3.0.a0', __cuda: ''}
        url: https://conda.anaconda.org/conda-forge/linux-64/libtorch-2.8.0-cuda129_h1_0.conda
        hash: {md5: 00000000000000000000000000000000}
    ```

    ```json target-host.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64", "glibc": "2.17"}
    ```

    ```json target-host.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64", "archspec": "x86_64_v3"}
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/noarch/_x86_64-microarch-level-4-3_x86_64_v4.conda
    https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda
    ```

    ## Passes

    ```yaml conda-lock.yml
    version: 1
    metadata:
      content_hash: {linux-64: 0000000000000000000000000000000000000000000000000000000000000000}
      channels: [{url: conda-forge, used_env_vars: []}]
      platforms: [linux-64]
      sources: [environment.yml]
    package:
      - name: libtorch
        version: 2.8.0
        manager: conda
        platform: linux-64
        dependencies: {__glibc: '>=2.28,<3.0.a0', __cuda: ''}
        url: https://conda.anaconda.org/conda-forge/linux-64/libtorch-2.8.0-cuda129_h1_0.conda
        hash: {md5: 00000000000000000000000000000000}
    ```

    ```json target-host.json
    {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64", "glibc": "2.35",
     "cuda": "12.8", "gpus": [{"name": "NVIDIA A100-SXM4-80GB"}]}
    ```

    ## Fix

    Lock for the target: `conda-lock --virtual-package-spec FILE`, or with
    `--virtual-package __glibc=2.17`.
    """
    hosts = project.of(Host)
    if not hosts:
        raise Skip("needs a target (a Host)")
    if not _records(lock):
        raise Skip("the lock records neither virtual packages nor what needs them")
    variants = {host: [p for p in lock.platforms if subdir(lock, p) == _of(host)] for host in hosts}
    if not any(variants.values()):
        raise Skip("the lock holds nothing for the platform of a target, or that is not known")
    for host, platforms in variants.items():
        lacks = [_lacks(lock, platform, host) for platform in platforms]
        if lacks and all(lacks):  # else one of several variants of a platform fits
            for name, found in lacks[0].items():
                yield _problem(name, found, host)


def _of(host: Host) -> str:
    """The subdir of a target, as far as it is known."""
    return f"{_SYSTEMS.get(host.os, '')}-{_MACHINES.get(host.arch, '')}"


def _problem(name: str, found: Sequence[_Lack], host: Host) -> Problem:
    first = found[0]
    has = f"has {_NAMES[name]} {first.has}" if first.has else "has no GPU"
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    value = f"--virtual-package {name}={first.has}" if first.has else "without `__cuda`"
    return Problem(
        f"{name}@{host.name or host.path}",
        f"{first.who}{more} needs {_NAMES[name]} {first.needed}".rstrip()
        + f", and the target {host.name or host.path} {has}",
        first.location,
        f"Lock for the target: `conda-lock --virtual-package-spec FILE`, or {value}.",
    )


def _records(lock: Lock) -> bool:
    return bool(lock.virtual_packages or lock.named(_LEVEL)) or any(
        text.startswith("__") for p in lock.packages for text in p.depends
    )


def _lacks(lock: Lock, platform: str, host: Host) -> dict[str, list[_Lack]]:
    """What one variant of the platform needs that the target has not, by virtual package."""
    found: dict[str, list[_Lack]] = {}
    for lack in (
        *_of_packages(lock, platform, host),
        *_of_levels(lock, platform, host),
        *_of_lock(lock, platform, host),
    ):
        found.setdefault(lack.name, []).append(lack)
    return found


def _of_packages(lock: Lock, platform: str, host: Host) -> Iterator[_Lack]:
    for package in lock.packages:
        if package.platform != platform or package.manager != "conda":
            continue
        for text in package.depends:
            match = _DEPENDENCY.match(text) if text.startswith("__") else None
            if match and _fails(match[1], match[2], host):
                who, has = f"`{package.name}`", _has(match[1], host)
                yield _Lack(match[1], match[2], has, who, package.location)


def _of_levels(lock: Lock, platform: str, host: Host) -> Iterator[_Lack]:
    """Levels of the x86-64 processor, which a package of conda-forge stands for."""
    known = _ARCHSPEC.fullmatch(host.archspec)
    for package in lock.named(_LEVEL) if known else ():
        level = package.version.partition(".")[0]
        if package.platform == platform and known and level.isdecimal() and level > known[1]:
            needed = f"x86_64_v{level}"
            yield _Lack("__archspec", needed, host.archspec, f"`{_LEVEL}`", package.location)


def _of_lock(lock: Lock, platform: str, host: Host) -> Iterator[_Lack]:
    """The virtual packages that the lock says it was solved for."""
    for virtual in lock.virtual_packages:
        constraint = f">={virtual.version}" if parse(virtual.version) else ""
        if virtual.platform == platform and _fails(virtual.name, constraint, host):
            has = _has(virtual.name, host)
            yield _Lack(virtual.name, constraint, has, "The lock", virtual.location)


def _has(name: str, host: Host) -> str:
    values = {"__glibc": host.glibc, "__cuda": host.cuda, "__linux": host.kernel}
    return values.get(name, "").partition("-")[0]


def _fails(name: str, constraint: str, host: Host) -> bool:
    """Whether the target certainly does not have it."""
    value = _has(name, host)
    if name == "__cuda" and not value:
        return host.gpus == ()
    return bool(value and constraint) and matches(constraint, value) is False
