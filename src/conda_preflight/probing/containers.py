"""In which kind of container this runs, and what of the NVIDIA toolkit is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from conda_preflight.probing.machine import Fact, Machine

_MARKS = (
    ("apptainer", "/.singularity.d"),
    ("podman", "/run/.containerenv"),
    ("docker", "/.dockerenv"),
)
_GROUPS = (("kubernetes", "kubepods"), ("docker", "docker"), ("lxc", "/lxc"))
_TOOLKIT = (
    "/usr/bin/nvidia-container-runtime",
    "/usr/bin/nvidia-container-cli",
    "/usr/bin/nvidia-ctk",
    "/usr/local/nvidia/toolkit/nvidia-container-runtime",
)
_SETTINGS = (
    "/etc/docker/daemon.json",
    "/etc/containerd/config.toml",
    "/etc/crio/crio.conf.d/99-nvidia.toml",
)
_ENGINES = ("/usr/bin/dockerd", "/usr/bin/containerd", "/usr/bin/crio", "/snap/bin/docker")


def facts(machine: Machine, environment: Mapping[str, str]) -> Iterator[Fact]:
    """``container.kind`` (``none`` outside of one), and the parts of the toolkit that are there.

    ``container.gpu_mounts`` counts what the toolkit mounted into this container;
    ``container.toolkit``, ``container.engine`` and ``container.configured`` are of a host.
    """
    kind = _kind(machine, environment)
    yield "container.kind", kind
    if kind != "none":
        mounts = (machine.text("/proc/self/mounts") or "").splitlines()
        ours = [x for x in mounts if "nvidia" in x.lower() or "libcuda" in x]
        yield "container.gpu_mounts", str(len(ours))
        return
    yield "container.toolkit", "yes" if any(map(machine.is_program, _TOOLKIT)) else "no"
    if engine := next((path for path in _ENGINES if machine.is_program(path)), ""):
        yield "container.engine", engine.rpartition("/")[2]
        said = [machine.text(path) or "" for path in _SETTINGS]
        has_cdi = bool(machine.names("/etc/cdi") or machine.names("/var/run/cdi"))
        is_set = has_cdi or any("nvidia" in text for text in said)
        yield "container.configured", "yes" if is_set else "no"


def _kind(machine: Machine, environment: Mapping[str, str]) -> str:
    if "KUBERNETES_SERVICE_HOST" in environment:
        return "kubernetes"
    if "APPTAINER_CONTAINER" in environment or "SINGULARITY_CONTAINER" in environment:
        return "apptainer"
    groups = machine.text("/proc/1/cgroup", 65536) or ""
    found = next((kind for kind, mark in _GROUPS if mark in groups), "")
    found = found or next((kind for kind, path in _MARKS if machine.exists(path)), "")
    first = machine.data("/proc/1/environ", 65536) or b""
    return found or ("lxc" if b"container=lxc" in first else "none")
