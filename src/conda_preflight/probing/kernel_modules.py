"""Modules of the kernel: the NVIDIA driver's, and those that stand in its way."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.pattern import lazy_pattern
from conda_preflight.probing.machine import Fact, Machine

_MODULES = ("nvidia_uvm", "nvidia_modeset", "nvidia_drm", "nvidia_peermem", "nouveau", "nova_core")
_VERSION = lazy_pattern(r"NVRM version:[^\n]{0,200}?\s(\d{3,4}(?:\.\d{1,4}){1,3})\s")


def driver(machine: Machine) -> str:
    """The version of the loaded kernel module of the NVIDIA driver, empty where there is none."""
    found = _VERSION.search(machine.text("/proc/driver/nvidia/version", 4096) or "")
    return found[1] if found else (machine.text("/sys/module/nvidia/version", 40) or "").strip()


def facts(machine: Machine) -> Iterator[Fact]:
    """``module.NAME``: a version or ``loaded``, else ``not loaded``; nothing without a list."""
    text = machine.text("/proc/modules")
    if text is None:
        return
    loaded = {line.partition(" ")[0] for line in text.splitlines()}
    version = driver(machine)
    yield "module.nvidia", version or ("loaded" if "nvidia" in loaded else "not loaded")
    if version:
        is_open = "Open Kernel Module" in (machine.text("/proc/driver/nvidia/version", 4096) or "")
        yield "module.nvidia.open", "yes" if is_open else "no"
    for name in _MODULES:
        is_loaded = name in loaded or machine.exists(f"/sys/module/{name}/refcnt")
        yield f"module.{name}", "loaded" if is_loaded else "not loaded"
    hmm = machine.text("/sys/module/nvidia_uvm/parameters/uvm_disable_hmm", 20)
    if hmm:
        yield "module.nvidia_uvm.uvm_disable_hmm", "yes" if hmm.strip() in ("Y", "1") else "no"
