"""What would work instead: the nearest releases and builds, from the tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from conda_preflight.documents import Host
from conda_preflight.documents.stack import Need
from conda_preflight.facts.torch_builds import Build, builds
from conda_preflight.fitting.capability import Capability, Code, code_for
from conda_preflight.fitting.driver import Reach, reach
from conda_preflight.fitting.numbers import numbers

_TORCH = ("torch", "pytorch", "libtorch", "pytorch-gpu")
_WINDOWS = "win-64"
_Fits = Callable[[Build], bool]


def older_for_driver(need: Need, host: Host) -> str:
    """``torch 2.10.0 or older, or its +cu126 build``, for the driver of a target."""
    return _nearest(need, host, lambda row: _runs(row, host)) or "a build for an older CUDA"


def others_for_gpu(need: Need, gpu: Capability, host: Host) -> str:
    """The same for a GPU, and for its driver where that is known."""
    known = bool(host.driver or host.cuda)

    def fits(row: Build) -> bool:
        code = code_for(gpu, row.compiled) if row.compiled else Code.NONE
        return code is Code.CUBIN and (not known or _runs(row, host))

    return _nearest(need, host, fits) or "a version that has code for it"


def older_for_glibc(need: Need, host: Host) -> str:
    """The same for the glibc of a target."""
    have = numbers(host.glibc)[:2]
    found = _nearest(need, host, lambda row: bool(row.glibc) and numbers(row.glibc)[:2] <= have)
    return found or "an older version"


def gpu_build(need: Need, host: Host) -> str:
    """The build for a GPU of the same release."""
    package = need.package
    if package.manager == "conda":
        return f"`{package.name}=*=cuda*`, and lock with `--virtual-package __cuda=` of the target"
    if package.name not in _TORCH:
        return "the build for CUDA"
    found = _nearest(need, host, lambda row: bool(row.cuda))
    return f"{found}, from the wheel index of PyTorch" if found else "the build for CUDA"


def _runs(row: Build, host: Host) -> bool:
    served = bool(row.cuda) and reach(host.driver, host.cuda, row.cuda, host.os)
    return served in (Reach.FULL, Reach.MINOR)


def _nearest(need: Need, host: Host, fits: _Fits) -> str:
    """The other builds of this release, then the nearest older release, or the nearest newer."""
    package = need.package
    if package.name not in _TORCH:
        return ""
    half = "conda" if package.manager == "conda" else "pypi"
    rows = [row for row in _rows(half, host.subdir or "linux-64") if fits(row)]
    version = numbers(package.version)
    same = [row for row in rows if numbers(row.version) == version]
    older = [row for row in rows if numbers(row.version) < version]
    newer = [row for row in rows if numbers(row.version) > version]
    told = list(_told(package.name, same, older, newer))
    return ", or ".join(told)


def _told(name: str, same: list[Build], older: list[Build], newer: list[Build]) -> Iterator[str]:
    if same:
        yield f"its build {_titled(max(same, key=lambda row: numbers(row.cuda)))}"
    if plain := [row for row in older if row.is_default]:
        yield f"{name} {_described(max(plain, key=_version))} or older"
    elif not same and newer:
        yield f"{name} {_described(min(newer, key=_version))} or newer"


def _titled(row: Build) -> str:
    if row.half == "conda":
        return f"for CUDA {row.cuda} (`=*=*cuda{row.cuda.replace('.', '')}*` of {row.title})"
    return f"`{row.title}`"


def _described(row: Build) -> str:
    if row.half == "conda":
        return f"{row.version} for CUDA {row.cuda} (channel {row.title})"
    return row.version if row.is_default else f"{row.version}{row.title}"


def _version(row: Build) -> tuple[int, ...]:
    return numbers(row.version)


@lru_cache(maxsize=16)
def _rows(half: str, subdir: str) -> tuple[Build, ...]:
    """The builds for a platform; those of Windows are known from the index of PyTorch alone."""
    found = [row for row in builds() if row.half == half]
    if subdir != _WINDOWS:
        return tuple(row for row in found if row.subdir == subdir)
    return tuple(row for row in found if row.subdir == "linux-64" and row.title.startswith("+"))
