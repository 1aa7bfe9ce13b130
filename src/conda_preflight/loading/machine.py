"""The system of a directory that is a root: this machine's, or that of an unpacked image."""

from __future__ import annotations

import re
from dataclasses import replace

from conda_preflight.documents import Host
from conda_preflight.documents.libraries import SharedObject
from conda_preflight.facts.loader import LEVELS, MULTIARCH
from conda_preflight.grammar.ld_cache import parse
from conda_preflight.loading.disk import Disk
from conda_preflight.loading.search import Mapped, Search
from conda_preflight.loading.system import System
from conda_preflight.pattern import lazy_pattern

MAX_CACHE = 64 * 1024 * 1024
_GLIBC = lazy_pattern(r"GLIBC_(\d{1,4})\.(\d{1,4})")
_ARCHSPEC = lazy_pattern(r"x86_64_v([234])")


def machine(disk: Disk, abi: str, name: str, *, is_here: bool) -> System:
    """What ld.so.cache, the default folders and the processor of a root say.

    ``is_here`` is true where the processor of this machine is that of the system; of others
    no glibc-hwcaps folder is used. Without a cache only the default folders count, as for
    the loader, which reads no ld.so.conf.
    """
    levels = _levels(disk.content("/proc/cpuinfo", 100_000)) if is_here else ()
    cache: dict[str, list[tuple[int, str]]] = {}
    for entry in parse(disk.content("/etc/ld.so.cache", MAX_CACHE)):
        if not entry.level or entry.level in levels:
            rank = levels.index(entry.level) if entry.level else len(levels)
            cache.setdefault(entry.name, []).append((rank, entry.path))
    triplet = MULTIARCH.get(abi, "")
    is_debian = bool(triplet) and disk.is_folder(f"/usr/lib/{triplet}")
    lib = f"lib/{triplet}" if is_debian else "lib64"
    plain = ("/lib", "/usr/lib") if is_debian else ()
    system = System(
        name=name,
        cache={
            key: tuple(path for _, path in sorted(rows, key=_rank)) for key, rows in cache.items()
        },
        folders=(f"/{lib}", f"/usr/{lib}", *plain),
        levels=levels,
        lib=lib,
        platform=abi,
    )
    return with_glibc(system, disk, abi)


def described(host: Host) -> System:
    """The system of a fact sheet: nothing but its C library is known."""
    level = _ARCHSPEC.match(host.archspec)
    names = [each.name for each in LEVELS]
    levels = tuple(names[names.index(f"x86-64-v{level[1]}") :]) if level else ()
    name = f"the target {host.name or host.path}"
    return System(name, is_known=False, levels=levels, glibc=host.glibc)


def with_glibc(system: System, disk: Disk, abi: str) -> System:
    """The same system with the version of its C library, where it has one."""
    needer = Mapped(SharedObject("", abi), "/")
    found = Search(disk, system).find("libc.so.6", needer, None, abi)
    if found is None or not isinstance(found.object, SharedObject):
        return system
    numbers = [(int(hit[1]), int(hit[2])) for hit in _versions(found.object)]
    return replace(system, glibc=".".join(map(str, max(numbers)))) if numbers else system


def _versions(library: SharedObject) -> list[re.Match[str]]:
    return [hit for name in library.defines if (hit := _GLIBC.fullmatch(name))]


def _rank(row: tuple[int, str]) -> int:
    return row[0]


def _levels(cpuinfo: bytes) -> tuple[str, ...]:
    line = next((x for x in cpuinfo.split(b"\n") if x.startswith(b"flags")), b"")
    flags = set(line.decode("ascii", "replace").split())
    return tuple(level.name for level in LEVELS if level.flags <= flags)
