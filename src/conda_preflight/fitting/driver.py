"""Which CUDA a driver supports, and whether it runs what another toolkit built.

Sources: the table of toolkits and drivers in the release notes of CUDA
(https://docs.nvidia.com/cuda/cuda-toolkit-release-notes/) and the guides on minor-version and
forward compatibility (https://docs.nvidia.com/deploy/cuda-compatibility/). A newer driver always
runs what an older toolkit built.
"""

from __future__ import annotations

from enum import Enum
from functools import lru_cache

from conda_preflight.facts.drivers import branches, forward_bases, minor_compatibility, toolkits
from conda_preflight.fitting.numbers import Numbers, numbers, reaches

_WINDOWS = "windows"


class Reach(Enum):
    """How far a driver serves a build."""

    FULL = "full"
    MINOR = "minor-version compatibility"
    NONE = "too old"


@lru_cache(maxsize=4096)
def driver_cuda(driver: str, system: str = "linux") -> str:
    """The newest CUDA that a driver supports fully, as ``nvidia-smi`` shows; empty if unknown."""
    have = numbers(driver)
    served = [cuda for cuda, least in _least(system) if have and reaches(have, least)]
    return max(served, key=numbers, default="")


def supported_cuda(driver: str, cuda: str, system: str = "linux") -> str:
    """What a target supports by its driver or by what it reports, whichever is more.

    It reports more than its driver brings where libraries of forward compatibility are in use,
    and on a Jetson.
    """
    return max(driver_cuda(driver, system), ".".join(cuda.split(".")[:2]), key=numbers)


@lru_cache(maxsize=16384)
def reach(driver: str, cuda: str, built: str, system: str = "linux") -> Reach:
    """How far a driver, or the CUDA that it reports, serves what a toolkit built.

    ``built`` is "12.4", or "12" where only the major is known.
    """
    have, need = numbers(supported_cuda(driver, cuda, system))[:2], numbers(built)[:2]
    if reaches(have, need) or _is_newer_than_tables(driver, have, need):
        return Reach.FULL
    least = _minor_least(need, system) if have[:1] == need[:1] else ()
    enough = least and (not driver or reaches(numbers(driver), least))
    return Reach.MINOR if enough else Reach.NONE


def least_driver(cuda: str, system: str = "linux") -> str:
    """The oldest driver that runs what a toolkit built, empty where it is not published."""
    least = _minor_least(numbers(cuda), system)
    return ".".join(_padded(least)) if least else full_driver(cuda, system)


def full_driver(cuda: str, system: str = "linux") -> str:
    """The oldest driver that supports a toolkit fully; empty where it is not published."""
    rows = [least for known, least in _least(system) if known == ".".join(cuda.split(".")[:2])]
    return ".".join(_padded(min(rows))) if rows else ""


def branch_end(driver: str) -> str:
    """The last month in which NVIDIA maintains a driver's branch ("2026-06"), empty if unknown."""
    row = branches().get(driver.partition(".")[0])
    return row.ends if row else ""


def forward_base(driver: str) -> bool:
    """Whether packages of forward compatibility are made for a driver's branch."""
    return driver.partition(".")[0] in forward_bases()


@lru_cache(maxsize=4)
def _least(system: str) -> tuple[tuple[str, Numbers], ...]:
    """Each toolkit, by major and minor number, with the oldest driver that supports it fully.

    Since CUDA 13 the drivers of Windows are published no more; their branches are those of Linux.
    """
    rows = [(row.cuda, row.linux, row.windows or row.linux.partition(".")[0]) for row in toolkits()]
    chosen = [(cuda, windows if system == _WINDOWS else linux) for cuda, linux, windows in rows]
    return tuple((".".join(cuda.split(".")[:2]), numbers(text)) for cuda, text in chosen if text)


def _minor_least(cuda: Numbers, system: str) -> Numbers:
    row = minor_compatibility().get(cuda[0]) if cuda else None
    return numbers((row.windows if system == _WINDOWS else row.linux) if row else "")


def _is_newer_than_tables(driver: str, have: Numbers, need: Numbers) -> bool:
    """Whether a driver of a later branch than any in the tables meets a CUDA of its major."""
    newest = max(_least("linux"), key=lambda row: numbers(row[0]))
    later = numbers(driver)[:1] > newest[1][:1]
    return later and have[:1] == need[:1] and need > numbers(newest[0])


def _padded(version: Numbers) -> tuple[str, ...]:
    """A driver's numbers as NVIDIA writes them: 580.65.06."""
    first, *rest = version
    return (str(first), *(f"{number:02d}" for number in rest))
