"""What a machine of each platform is taken to have when no target says more.

Never the machine that happens to solve. Sources: the oldest systems that conda-forge
builds for (https://conda-forge.org/docs/maintainer/knowledge_base/: glibc 2.17 in its
``os_version`` defaults and 2.28 for the newer images; macOS deployment targets 10.13 and
11.0), the kernels of the distributions that carry these glibc releases, and CEP 30 on
virtual packages (https://github.com/conda/ceps).
"""

from __future__ import annotations

UNIX = (("__unix", "0", "0"),)
_LINUX = (*UNIX, ("__linux", "4.18", "0"), ("__glibc", "2.28", "0"))

DEFAULTS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "linux-64": (*_LINUX, ("__archspec", "1", "x86_64")),
    "linux-aarch64": (*_LINUX, ("__archspec", "1", "aarch64")),
    "linux-ppc64le": (*_LINUX, ("__archspec", "1", "ppc64le")),
    "linux-s390x": (*_LINUX, ("__archspec", "1", "s390x")),
    "linux-riscv64": (*_LINUX, ("__archspec", "1", "riscv64")),
    "linux-32": (*_LINUX, ("__archspec", "1", "x86")),
    "linux-armv6l": (*_LINUX, ("__archspec", "1", "armv6l")),
    "linux-armv7l": (*_LINUX, ("__archspec", "1", "armv7l")),
    "osx-64": (*UNIX, ("__osx", "11.0", "0"), ("__archspec", "1", "x86_64")),
    "osx-arm64": (*UNIX, ("__osx", "11.0", "0"), ("__archspec", "1", "m1")),
    "win-64": (("__win", "10", "0"), ("__archspec", "1", "x86_64")),
    "win-32": (("__win", "10", "0"), ("__archspec", "1", "x86")),
    "win-arm64": (("__win", "10", "0"), ("__archspec", "1", "aarch64")),
}
"""Name, version and build of each virtual package, by platform; a GPU is never assumed."""
