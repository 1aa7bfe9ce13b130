"""NVSwitch systems: is the fabric manager there, does it run, and which version is it."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.pattern import lazy_pattern
from conda_preflight.probing.machine import Fact, Machine

_PROGRAM = "nv-fabricmanage"
"""The name of its process as the kernel keeps it, 15 characters of it."""
_UNITS = (
    "/sys/fs/cgroup/system.slice/nvidia-fabricmanager.service",
    "/sys/fs/cgroup/systemd/system.slice/nvidia-fabricmanager.service",
)
_PACKAGE = lazy_pattern(
    r"(?m)^Package: nvidia-fabricmanager(?:-\d{1,4})?\n(?:[^\n]{1,4000}\n){0,40}?Version: "
    r"(?:\d{1,3}:)?(\d{3,4}(?:\.\d{1,4}){1,3})",
)
_SWITCH = lazy_pattern(r"nvidia-nvswitch\d{1,3}")
_MAX_STATUS = 32 * 1024 * 1024


def facts(machine: Machine) -> Iterator[Fact]:
    """``fabric.nvswitches``, ``fabric.manager`` (running, not running), its package's version.

    In a container the processes of the host are not seen: then nothing is said about it.
    """
    switches = [name for name in machine.names("/dev") or () if _SWITCH.fullmatch(name)]
    if switches:
        yield "fabric.nvswitches", str(len(switches))
    elif not machine.names("/proc/driver/nvidia-nvswitch/devices"):
        return
    if _is_running(machine):
        yield "fabric.manager", "running"
    elif (machine.text("/proc/1/comm", 40) or "").strip() in ("systemd", "init"):
        yield "fabric.manager", "not running"
    if found := _PACKAGE.search(machine.text("/var/lib/dpkg/status", _MAX_STATUS) or ""):
        yield "fabric.manager.version", found[1]


def _is_running(machine: Machine) -> bool:
    if any(map(machine.exists, _UNITS)):
        return True
    processes = [name for name in machine.names("/proc") or () if name.isdecimal()]
    return any((machine.text(f"/proc/{p}/comm", 40) or "").strip() == _PROGRAM for p in processes)
