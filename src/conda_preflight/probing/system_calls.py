"""Whether this process may make the calls that a container's seccomp profile often refuses."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator

from conda_preflight.probing.machine import Fact, Machine

_GET_MEMPOLICY = {"x86_64": 239, "aarch64": 236}
"""Numbers of get_mempolicy(2); source: the kernel's syscall tables."""


def facts(machine: Machine, architecture: str) -> Iterator[Fact]:
    """``numa.calls``: ``allowed`` or ``denied``."""
    number = _GET_MEMPOLICY.get(architecture)
    if machine.is_here and number and sys.platform == "linux":
        yield "numa.calls", "denied" if _refusal(number) == errno.EPERM else "allowed"


def _refusal(number: int) -> int:
    """The error of a call that asks for the default policy and nothing else, 0 for none."""
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    done: int = libc.syscall(number, None, None, 0, None, 0)
    return ctypes.get_errno() if done else 0
