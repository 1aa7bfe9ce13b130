"""Builds of PyTorch: which CUDA each has, for which GPUs there is code in it, what it needs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache

from conda_preflight.documents.stack import Compiled
from conda_preflight.facts.compiled import compiled
from conda_preflight.facts.table import Row, table
from conda_preflight.facts.version_range import covers
from conda_preflight.plain import value_type

_ARCHES = {"linux-64": "x86_64", "linux-aarch64": "aarch64", "win-64": "x86_64"}
DEFAULT = "default"
_NEWER_GLIBC = 13
"""Since this CUDA conda-forge builds against glibc 2.28, and against 2.17 before; source:
conda-forge/pytorch-cpu-feedstock, ``c_stdlib_version``."""


@value_type
class Build:
    """One build: ``half`` is "pypi" or "conda", ``title`` its "+cu126", its channel, or "default".

    ``cuda`` is empty for a CPU build.
    """

    version: str
    cuda: str
    compiled: Compiled | None
    glibc: str
    half: str
    subdir: str
    title: str
    cudnn: str = ""
    nccl: str = ""

    @property
    def is_default(self) -> bool:
        """Whether it is what somebody gets who asks for the version alone."""
        return self.half == "conda" or self.title == DEFAULT


@cache
def builds() -> tuple[Build, ...]:
    """Every build for CUDA that is known of the releases in the tables."""
    return tuple(build for row in table("torch_releases") for build in _of_release(row))


def _of_release(row: Row) -> Iterator[Build]:
    version = row["torch"]
    for subdir in ("linux-64", "linux-aarch64"):
        if (found := default_wheel(version, subdir)) and found.cuda:
            yield found
    for each in table("torch_archs"):
        if not covers(each["first"], each["last"], version) or each["arch"] == "tegra":
            continue
        if each["channel"] == "wheel":
            yield _wheel(each, row)
        elif each["channel"] in ("pytorch", "conda-forge"):
            glibc = conda_glibc(each["cuda"])
            title = each["channel"]
            code = compiled(each)
            yield Build(version, each["cuda"], code, glibc, "conda", "linux-64", title)


def _wheel(each: Row, release: Row) -> Build:
    is_arm = each["arch"] == "aarch64"
    return Build(
        version=release["torch"],
        cuda=each["cuda"],
        compiled=compiled(each),
        glibc=release["glibc_aarch64" if is_arm else "glibc"],
        half="pypi",
        subdir="linux-aarch64" if is_arm else "linux-64",
        title=f"+cu{each['cuda'].replace('.', '')}",
    )


def conda_glibc(cuda: str) -> str:
    """The glibc that conda-forge's builds for a CUDA need."""
    return "2.28" if cuda and int(cuda.split(".", maxsplit=1)[0]) >= _NEWER_GLIBC else "2.17"


@lru_cache(maxsize=1024)
def default_wheel(version: str, subdir: str) -> Build | None:
    """The wheel of the public index for a release; ``cuda`` is empty where it is a CPU build.

    None where the release is in no table.
    """
    row = release(version)
    if row is None or subdir not in ("linux-64", "linux-aarch64"):
        return None
    is_arm = subdir == "linux-aarch64"
    measured = _measured(version, _ARCHES.get(subdir, ""))
    if not is_arm and not row["cuda"]:
        return None
    cuda = row["cuda"] if not is_arm else (measured["cuda"] if measured else "")
    glibc = row["glibc_aarch64" if is_arm else "glibc"]
    code = compiled(measured) if measured else None
    return Build(version, cuda, code, glibc, "pypi", subdir, DEFAULT, row["cudnn"], row["nccl"])


@lru_cache(maxsize=1024)
def release(version: str) -> Row | None:
    """The row of a release, or of its series where that patch release is in no table."""
    plain = version.partition("+")[0]
    rows = {row["torch"]: row for row in table("torch_releases")}
    series = ".".join(plain.split(".")[:2])
    same = [row for name, row in rows.items() if name == series or name.startswith(f"{series}.")]
    return rows.get(plain) or (same[-1] if same else None)


def _measured(version: str, arch: str) -> Row | None:
    """What was read out of the wheel of a release, or of another one of its series."""
    rows = [row for row in table("torch_measured") if row["arch"] == arch]
    series = version.split(".")[:2]
    same = [row for row in rows if row["torch"].split(".")[:2] == series]
    return next((row for row in same if row["torch"] == version), same[-1] if same else None)


@lru_cache(maxsize=1024)
def code_of(version: str, cuda: str, channel: str, arch: str = "") -> Compiled | None:
    """For which GPUs a build has code: of a wheel for that CUDA, or of a channel.

    A row for that processor or board comes before one for all of them.
    """
    for row in sorted(table("torch_archs"), key=lambda row: row["arch"] != arch):
        same = row["channel"] == channel and row["cuda"] == cuda and row["arch"] in ("", arch)
        if same and covers(row["first"], row["last"], version):
            return compiled(row)
    return None
