"""The facts by which a node is compared with others, by dotted name; ``compared`` groups them."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from conda_preflight.attesting.statement import LOCK_KINDS
from conda_preflight.documents import GPU, Host
from conda_preflight.facts.runtime_libraries import CUDA
from conda_preflight.fleet.answers import Listing
from conda_preflight.fleet.compared import family
from conda_preflight.fleet.listing import tree_digest
from conda_preflight.grammar.ld_cache import parse
from conda_preflight.probing.machine import Machine

_CACHE = "/etc/ld.so.cache"
_MAX_CACHE = 64 * 1024 * 1024
_SHORT = 12
_MANY = 200
_TEXTS = ("os", "arch", "archspec", "glibc", "kernel", "driver", "cuda")


def of_machine(host: Host, machine: Machine) -> dict[str, str]:
    """Facts of a machine: what its sheet says, and the libraries of CUDA that its system has."""
    found = {name: text for name in _TEXTS if (text := getattr(host, name))}
    if host.gpus is not None:
        found["gpus"] = _gpus(host.gpus)
    if host.shm_mib is not None:
        found["shm_mib"] = str(host.shm_mib)
    found |= dict(host.node)
    found |= dict(_system(machine))
    return {name: text for name, text in found.items() if family(name)}


def of_environment(listing: Listing) -> dict[str, str]:
    """A digest of all files, one of all packages, and each library of CUDA."""
    packages = "\n".join(f"{name} {told}" for name, told in sorted(listing.packages.items()))
    found = {
        "files": f"{len(listing.files):,} files, {tree_digest(listing.files)[:_SHORT]}",
        "packages": f"{len(listing.packages)} packages, {_digest(packages)[:_SHORT]}",
    }
    if python := listing.packages.get("conda:python"):
        found["python"] = python
    return found | dict(_bundled(listing.files))


def of_report(report: Mapping[str, Any]) -> dict[str, str]:
    """The digest of each lock that an audit read."""
    return {
        f"lock.{each['path']}": each["sha256"]
        for each in report.get("inputs", ())
        if each["kind"] in LOCK_KINDS
    }


def _gpus(gpus: tuple[GPU, ...]) -> str:
    """``8 x NVIDIA H100 80GB HBM3, 81559 MiB, 9.0``."""
    counts: dict[str, int] = {}
    for gpu in gpus:
        memory = f"{gpu.memory_mib} MiB" if gpu.memory_mib else ""
        told = ", ".join(filter(None, (gpu.name, memory, gpu.capability)))
        counts[told] = counts.get(told, 0) + 1
    return "; ".join(f"{count} x {told}" for told, count in counts.items()) or "none"


def _system(machine: Machine) -> Iterator[tuple[str, str]]:
    """``system.NAME``: the file that the loader takes for a library of CUDA, by its real name."""
    found: dict[str, str] = {}
    for entry in parse(machine.data(_CACHE, _MAX_CACHE) or b""):
        if CUDA.fullmatch(entry.name) and len(found) < _MANY:
            found.setdefault(entry.name, posixpath.basename(machine.real(entry.path)))
    for name, real in found.items():
        yield f"system.{name}", real


def _bundled(files: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """``bundled.NAME``: a library of CUDA by the names of its files and their digest."""
    found: dict[str, list[str]] = {}
    for path, digest in files.items():
        name = posixpath.basename(path)
        if CUDA.fullmatch(name) and not digest.startswith("-> "):
            found.setdefault(name.partition(".so")[0], []).append(f"{name} {digest}")
    for name in sorted(found)[:_MANY]:
        lines = sorted(found[name])
        names = dict.fromkeys(line.partition(" ")[0] for line in lines)
        yield f"bundled.{name}", f"{', '.join(names)} ({_digest(' '.join(lines))[:_SHORT]})"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
