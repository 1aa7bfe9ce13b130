"""The driver's user-space libraries: which file a program would load, and its version."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from conda_preflight.facts.loader import MULTIARCH
from conda_preflight.grammar.ld_cache import parse
from conda_preflight.pattern import lazy_pattern
from conda_preflight.probing.machine import Fact, Machine
from conda_preflight.probing.privacy import Privacy

LIBRARIES = {"libcuda": "libcuda.so.1", "libnvidia-ml": "libnvidia-ml.so.1"}
_VERSION = lazy_pattern(r"\.so\.(\d{3,4}(?:\.\d{1,4}){1,3})$")
_MAX_CACHE = 64 * 1024 * 1024
_WSL = "/usr/lib/wsl/lib"


def facts(
    machine: Machine, environment: Mapping[str, str], architecture: str, privacy: Privacy
) -> Iterator[Fact]:
    """``library.NAME``: its path, or ``not found``, and ``library.NAME.version``.

    Looked for in the order of ld.so(8): LD_LIBRARY_PATH, the cache of ldconfig, the default
    folders. The version stands in the name of the file behind the links.
    """
    cached: dict[str, str] = {}
    for entry in parse(machine.data("/etc/ld.so.cache", _MAX_CACHE) or b""):
        cached.setdefault(entry.name, entry.path)
    for name, soname in LIBRARIES.items():
        path = _find(machine, soname, environment, cached, architecture)
        yield f"library.{name}", privacy.shown(path) if path else "not found"
        if path and (hit := _VERSION.search(_real(machine, path))):
            yield f"library.{name}.version", hit[1]


def _find(
    machine: Machine,
    soname: str,
    environment: Mapping[str, str],
    cached: Mapping[str, str],
    architecture: str,
) -> str:
    asked = environment.get("LD_LIBRARY_PATH", "").replace(";", ":").split(":")
    triplet = MULTIARCH.get(architecture, "")
    default = (f"/lib/{triplet}", f"/usr/lib/{triplet}", "/lib64", "/usr/lib64", "/lib", "/usr/lib")
    early = [f"{folder.rstrip('/')}/{soname}" for folder in asked if folder.startswith("/")]
    late = [f"{folder}/{soname}" for folder in default]
    known = [cached[soname]] if soname in cached else []
    for path in (*early, *known, *late):
        if machine.data(path, 4) is not None:
            return path
    return ""


def _real(machine: Machine, path: str) -> str:
    return os.path.realpath(path) if machine.is_here else machine.real(path)
