"""Whether a build has code for a GPU, by the rules of binary and PTX compatibility.

A cubin for X.y runs on X.z with z >= y; PTX is compiled by the driver for X.y and everything
later, if the driver knows that PTX. Variants with "a" are for one capability alone, those with
"f" for its family. Source: NVIDIA's CUDA programming guide, "Compute Capabilities" and "Binary
Compatibility" (https://docs.nvidia.com/cuda/cuda-c-programming-guide/).
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from conda_preflight.documents.stack import Compiled

TEGRA = frozenset(((5, 3), (6, 2), (7, 2), (8, 7), (10, 1), (11, 0)))
"""Capabilities of Jetson boards, which NVIDIA promises no code of other GPUs; same source."""

Capability = tuple[int, int]


class Code(Enum):
    """What a build has for a GPU, the best first."""

    CUBIN = "machine code"
    RELATED = "machine code for a related GPU, which is not promised to run on a Jetson"
    PTX = "PTX, which the driver compiles at the first start"
    PARTIAL = "code for some kernels only"
    NONE = "no code"


def capability(text: str) -> Capability | None:
    """``(9, 0)`` of "9.0" or "9.0a"; None where the text is no capability of NVIDIA's."""
    major, dot, minor = text.rstrip("af").partition(".")
    is_plain = dot and major.isdecimal() and minor.isdecimal() and len(text) < 8  # noqa: PLR2004
    return (int(major), int(minor)) if is_plain else None


def code_for(gpu: Capability, compiled: Compiled) -> Code:
    """The best that a build has for a GPU; whether a driver takes the PTX is asked elsewhere."""
    if any(_runs(gpu, text) for text in compiled.cubins):
        plain = gpu not in TEGRA or any(capability(text) == gpu for text in compiled.cubins)
        return Code.CUBIN if plain else Code.RELATED
    if any(_compiles(gpu, text) for text in compiled.ptx):
        return Code.PTX
    return Code.PARTIAL if any(_runs(gpu, text) for text in compiled.extra) else Code.NONE


def _runs(gpu: Capability, cubin: str) -> bool:
    made = capability(cubin)
    if made is None or made[0] != gpu[0]:
        return False
    return made == gpu if cubin.endswith("a") else made[1] <= gpu[1]


def _compiles(gpu: Capability, ptx: str) -> bool:
    made = capability(ptx)
    if made is None:
        return False
    if ptx.endswith("a"):
        return made == gpu
    return made <= gpu and (made[0] == gpu[0] or not ptx.endswith("f"))


def listed(capabilities: Iterable[str], limit: int = 12) -> str:
    """``7.5, 8.0 and 9.0``, for a message."""
    found = list(dict.fromkeys(capabilities))[:limit]
    return " and ".join(filter(None, (", ".join(found[:-1]), found[-1]))) if found else "none"
