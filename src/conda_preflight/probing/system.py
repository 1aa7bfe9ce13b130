"""The operating system: its kernel, its C library, its release."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

from conda_preflight.loading.disk import Disk
from conda_preflight.loading.machine import machine as loader_of
from conda_preflight.pattern import lazy_pattern
from conda_preflight.probing.machine import Fact, Machine

_SYSTEMS = {"linux": "linux", "darwin": "darwin", "win32": "windows"}
_VERSION = lazy_pattern(r"\d{1,9}(?:\.\d{1,9})+(?:[-+._~a-zA-Z][\w.+~-]{0,100})?")
_RELEASE = lazy_pattern(r'(?m)^(ID|VERSION_ID)=["\']?([\w. -]{1,40})')
"""Lines of ``os-release``.

Source: https://www.freedesktop.org/software/systemd/man/os-release.html.
"""
_WORDS = ("iommu", "intel_iommu", "amd_iommu", "iommu.passthrough", "pci", "nokaslr", "kaslr")
"""Words of the kernel's command line that are kept; others may hold secrets."""


def system_name() -> str:
    """``linux``, ``darwin`` or ``windows``, empty for others."""
    return _SYSTEMS.get(sys.platform, "")


def architecture() -> str:
    """The processor as the kernel names it: ``x86_64``, ``aarch64``, ``arm64``."""
    if hasattr(os, "uname"):
        return os.uname().machine
    return os.environ.get("PROCESSOR_ARCHITECTURE", "").lower()


def kernel(machine: Machine) -> str:
    """The version of the running kernel, empty where it is no version."""
    found = machine.text("/proc/sys/kernel/osrelease", 200)
    if found is None and machine.is_here and hasattr(os, "uname"):
        found = os.uname().release
    return version(found or "")


def glibc(machine: Machine) -> str:
    """The version of the C library that programs there load, empty for another than glibc.

    The running one is asked, as gnu_get_libc_version(3) does; below another root the versions
    that its ``libc.so.6`` defines are read.
    """
    if not machine.is_here:
        disk = Disk("/", machine.root)
        return loader_of(disk, architecture(), "", is_here=False).glibc
    try:
        name, _, number = (os.confstr("CS_GNU_LIBC_VERSION") or "").partition(" ")
    except (AttributeError, OSError, ValueError):  # no such name outside of glibc
        return ""
    return version(number) if name == "glibc" else ""


def facts(machine: Machine) -> Iterator[Fact]:
    """``os.release``, ``os.wsl``, and the words of the kernel's command line that matter."""
    found = {hit[1]: hit[2] for hit in _RELEASE.finditer(machine.text("/etc/os-release") or "")}
    if found.get("ID"):
        yield "os.release", f"{found['ID']} {found.get('VERSION_ID', '')}".strip()
    if "microsoft" in kernel(machine).lower():
        yield "os.wsl", "yes"
    for word in (machine.text("/proc/cmdline", 8192) or "").split():
        if word.partition("=")[0] in _WORDS:
            yield f"kernel.option.{word.partition('=')[0]}", word.partition("=")[2] or "yes"


def version(text: str) -> str:
    """The text where it is a version that a fact sheet can hold, else nothing."""
    return text.strip() if _VERSION.fullmatch(text.strip()) else ""
