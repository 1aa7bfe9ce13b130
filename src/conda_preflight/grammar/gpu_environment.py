"""Whether the environment of a project is made for a GPU, and what of it shares memory."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from conda_preflight.documents import Lock, Manifest, Package, Project, Requirements
from conda_preflight.facts.cuda import RUNTIMES
from conda_preflight.facts.framework_builds import FAMILIES, conda_flavour, wheel_flavour
from conda_preflight.grammar.gpu_wish import gpu_wish

_USUAL = "linux-64"
_SHARING = (
    *("vllm", "sglang", "ray", "ray-core", "ray-default", "deepspeed", "torch", "pytorch"),
    *("pytorch-gpu", "nccl", "nvidia-nccl-cu12", "nvidia-nccl-cu13", "lightning", "tritonclient"),
)
"""Packages that pass data between processes through /dev/shm; source: their documentation."""


@lru_cache(maxsize=2)
def gpu_reason(project: Project) -> str:
    """What says that the environment uses a GPU, as the beginning of a sentence; empty if nothing.

    A lock counts before the manifests.
    """
    locks = project.of(Lock)
    found = (f"{lock.path} holds {p.name} {p.version}" for lock in locks for p in _built(lock))
    if locks:
        return next(found, "")
    return gpu_wish(project.of(Manifest), (), _USUAL, _USUAL)


def _built(lock: Lock) -> Iterator[Package]:
    """The packages of a lock for Linux that are built for a GPU, or are CUDA's runtime."""
    families = {name for names in FAMILIES.values() for name in names}
    for package in lock.packages:
        place = package.platform or package.subdir
        if place not in ("", "noarch") and not place.startswith("linux"):
            continue
        runtime = package.name in RUNTIMES or package.name.startswith("nvidia-cuda-runtime")
        if runtime or (package.name in families and _flavour(package) == "gpu"):
            yield package


def _flavour(package: Package) -> str:
    if package.manager == "conda":
        return conda_flavour(package.name, package.build.lower())
    return wheel_flavour(package.name, package.version, package.url, _USUAL)


@lru_cache(maxsize=2)
def sharing(project: Project) -> str:
    """The first package of locks, manifests and requirements that uses /dev/shm; empty if none."""
    names = {package.name for lock in project.of(Lock) for package in lock.packages}
    for manifest in project.of(Manifest):
        names |= {spec.name for spec in manifest.specs} | {line.name for line in manifest.pip}
    for file in project.of(Requirements):
        names |= {line.name for line in file.pip}
    return next((name for name in _SHARING if name in names), "")
