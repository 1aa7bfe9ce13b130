"""Memory, and what bounds it: cgroups, /dev/shm, limits of the process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Literal

from conda_preflight.documents.host import UNLIMITED
from conda_preflight.pattern import lazy_pattern
from conda_preflight.probing.machine import Fact, Machine

_MIB = 1024 * 1024
_LIMIT = lazy_pattern(r"(?m)^Max ([a-z ]{1,40}?) {2,60}(unlimited|\d{1,20})\s")
_NAMES = {
    "locked memory": "memlock",
    "open files": "nofile",
    "stack size": "stack",
    "processes": "nproc",
    "address space": "address_space",
}
_TOTAL = lazy_pattern(r"(?m)^MemTotal:\s{0,40}(\d{1,15}) kB")
_SIZE = lazy_pattern(r"(?:^|,)size=(\d{1,15})([kmg]?)(?:,|$)")
_UNITS = {"": 1, "k": 1024, "m": _MIB, "g": 1024 * _MIB}
_MAX_DEPTH = 64
Version = Literal["1", "2", "hybrid", ""]


def limits(machine: Machine) -> dict[str, int]:
    """The soft limits of this process by name (``memlock``, ``nofile`` ...), in bytes or pieces.

    One that is unlimited is UNLIMITED. Source: proc_pid_limits(5).
    """
    rows = _LIMIT.finditer(machine.text("/proc/self/limits", 8192) or "")
    return {
        _NAMES[row[1]]: UNLIMITED if row[2] == "unlimited" else min(int(row[2]), UNLIMITED)
        for row in rows
        if row[1] in _NAMES
    }


def memlock_kib(machine: Machine) -> int | None:
    """How much memory this process may lock, in KiB."""
    found = limits(machine).get("memlock")
    return found if found is None or found == UNLIMITED else found // 1024


def shm_mib(machine: Machine) -> int | None:
    """The size of /dev/shm in MiB, as it was mounted, else as the file system says."""
    for line in (machine.text("/proc/self/mounts") or "").splitlines():
        words = line.split(" ")
        if len(words) > 3 and words[1] == "/dev/shm" and (found := _SIZE.search(words[3])):  # noqa: PLR2004, S108
            return int(found[1]) * _UNITS[found[2]] // _MIB
    if not machine.is_here or not hasattr(os, "statvfs"):
        return None
    try:
        state = os.statvfs("/dev/shm")  # noqa: S108
    except OSError:
        return None
    return state.f_blocks * state.f_frsize // _MIB


def facts(machine: Machine) -> Iterator[Fact]:
    """``memory.total_mib``, ``cgroup.*`` and ``limit.*``."""
    if found := _TOTAL.search(machine.text("/proc/meminfo", 8192) or ""):
        yield "memory.total_mib", str(int(found[1]) // 1024)
    for name, number in sorted(limits(machine).items()):
        yield f"limit.{name}", "unlimited" if number == UNLIMITED else str(number)
    version = cgroup_version(machine)
    if version:
        yield "cgroup.version", version
    if (bound := _memory_bound(machine)) is not None:
        yield "cgroup.memory_mib", str(bound // _MIB)


def cgroup_version(machine: Machine) -> Version:
    """Which hierarchy of control groups is mounted. Source: cgroups(7)."""
    if machine.exists("/sys/fs/cgroup/cgroup.controllers"):
        return "2"
    if machine.exists("/sys/fs/cgroup/unified/cgroup.controllers"):
        return "hybrid"
    return "1" if machine.exists("/sys/fs/cgroup/memory") else ""


def _memory_bound(machine: Machine) -> int | None:
    """The least bound of the group of this process and of those above it, in bytes."""
    found = [
        int(text)
        for file in _bounds(machine)
        if (text := (machine.text(file, 100) or "").strip()).isdecimal()
    ]
    least = min(found, default=UNLIMITED)
    return least if least < 1 << 60 else None  # version 1 writes a huge number for no bound


def _bounds(machine: Machine) -> Iterator[str]:
    """The files that may bound memory, from the group of this process upwards."""
    for line in (machine.text("/proc/self/cgroup", 65536) or "").splitlines():
        number, _, rest = line.partition(":")
        controllers, _, group = rest.partition(":")
        if number == "0":
            yield from _upwards("/sys/fs/cgroup", group, "memory.max")
        elif "memory" in controllers.split(","):
            yield from _upwards("/sys/fs/cgroup/memory", group, "memory.limit_in_bytes")


def _upwards(top: str, group: str, file: str) -> Iterator[str]:
    parts = [part for part in group.split("/") if part not in ("", ".", "..")][:_MAX_DEPTH]
    for depth in range(len(parts), -1, -1):
        yield "/".join((top, *parts[:depth], file))
