"""What is known of dynamic loaders and of the systems that they run on."""

from __future__ import annotations

from conda_preflight.plain import value_type

LOADERS = {
    "x86_64": "/lib64/ld-linux-x86-64.so.2",
    "i386": "/lib/ld-linux.so.2",
    "aarch64": "/lib/ld-linux-aarch64.so.1",
    "ppc64le": "/lib64/ld64.so.2",
    "s390x": "/lib/ld64.so.1",
    "riscv64": "/lib/ld-linux-riscv64-lp64d.so.1",
}
"""The loader of each ABI. Source: https://sourceware.org/glibc/wiki/ABIList."""

MULTIARCH = {
    "x86_64": "x86_64-linux-gnu",
    "i386": "i386-linux-gnu",
    "aarch64": "aarch64-linux-gnu",
    "ppc64le": "powerpc64le-linux-gnu",
    "s390x": "s390x-linux-gnu",
    "riscv64": "riscv64-linux-gnu",
}
"""Debian's folder of libraries by ABI. Source: https://wiki.debian.org/Multiarch/Tuples."""

GLIBC = frozenset(
    (
        *("libc.so.6", "libm.so.6", "libmvec.so.1", "libdl.so.2", "libpthread.so.0"),
        *("librt.so.1", "libutil.so.1", "libresolv.so.2", "libanl.so.1", "libnss_files.so.2"),
        *("libnss_dns.so.2", "libthread_db.so.1", "libBrokenLocale.so.1", "libnss_compat.so.2"),
        *(path.rpartition("/")[2] for path in LOADERS.values()),
    )
)
"""Libraries that come with glibc, on each system that has it.

Source: https://sourceware.org/glibc/wiki/ABIList.
"""


@value_type
class Level:
    """A level of x86-64: the name of its folder, and what ``/proc/cpuinfo`` must list for it."""

    name: str
    flags: frozenset[str]


_V2 = frozenset(("cx16", "lahf_lm", "popcnt", "sse4_1", "sse4_2", "ssse3"))
_V3 = _V2 | {"avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe", "xsave"}
_V4 = _V3 | {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}
LEVELS = (Level("x86-64-v4", _V4), Level("x86-64-v3", _V3), Level("x86-64-v2", _V2))
"""The levels whose folders below glibc-hwcaps a loader looks into, the best first.

Source: the x86-64 psABI, table of micro-architecture levels
(https://gitlab.com/x86-psABIs/x86-64-ABI).
"""
