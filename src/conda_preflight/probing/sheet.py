"""The fact sheet of a machine, made of all that can be read without rights."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from conda_preflight.documents import GPU, Host, Location
from conda_preflight.probing import (
    containers,
    devices,
    driver,
    environment,
    fabric,
    kernel_log,
    kernel_modules,
    libraries,
    memory_limits,
    nvml,
    pci,
    processor,
    sharing,
    system,
    system_calls,
    tools,
    user_site,
)
from conda_preflight.probing.machine import Fact, Machine
from conda_preflight.probing.nvml import NVML
from conda_preflight.probing.privacy import Privacy, bounded

SECONDS = 30.0
"""How long each library of the driver has to answer."""
PLACE = "this machine"
MAX_NAME = 256


def probe(
    root: Path = Path("/"),
    nvml: NVML | None = None,
    *,
    variables: Mapping[str, str] | None = None,
    name: str = "",
    seconds: float = SECONDS,
) -> Host:
    """What this machine is, or the one whose root directory that is; never raises.

    ``variables`` are those of this process where none are given and the root is its own. What
    cannot be read is left out; ``nvml`` and ``cuda.init`` among the facts say why.
    """
    machine = Machine(root.resolve())
    if variables is None:
        variables = dict(os.environ) if machine.is_here else {}
    host = os.uname().nodename if hasattr(os, "uname") else ""
    privacy = Privacy(variables, host)
    told = {
        key: privacy.shown(text) for key, text in driver.facts(machine, variables, nvml, seconds)
    }
    read = {
        key: text if key.startswith("variable.") else privacy.shown(text)
        for key, text in _facts(machine, variables, privacy)
    }
    return _host(machine, {**read, **told}, name)


def _facts(machine: Machine, variables: Mapping[str, str], privacy: Privacy) -> Iterator[Fact]:
    architecture = system.architecture()
    yield from environment.facts(variables, privacy)
    if system.system_name() != "linux":
        return
    yield from system.facts(machine)
    yield from processor.facts(machine)
    yield from memory_limits.facts(machine)
    yield from devices.facts(machine)
    yield from pci.facts(machine)
    yield from kernel_modules.facts(machine)
    yield from kernel_log.facts(machine)
    yield from libraries.facts(machine, variables, architecture, privacy)
    yield from fabric.facts(machine)
    yield from containers.facts(machine, variables)
    yield from sharing.facts(machine, variables)
    yield from system_calls.facts(machine, architecture)
    yield from tools.facts(machine, variables)
    yield from user_site.facts(machine, variables)


def _host(machine: Machine, facts: dict[str, str], name: str) -> Host:
    found = _gpus(facts)
    cuda = facts.get("cuda.version", "") if facts.get("cuda.init") == "0" else ""
    return Host(
        path=PLACE,
        location=Location(PLACE),
        name=bounded(name, MAX_NAME),
        os=system.system_name(),
        arch=system.architecture(),
        glibc=system.glibc(machine),
        kernel=system.kernel(machine),
        driver=system.version(facts.get("nvml.driver", "") or kernel_modules.driver(machine)),
        cuda=system.version(cuda or facts.get("nvml.cuda", "")),
        gpus=found,
        archspec=processor.archspec(machine),
        shm_mib=memory_limits.shm_mib(machine),
        memlock_kib=memory_limits.memlock_kib(machine),
        node=tuple(sorted((key, text) for key, text in facts.items() if not _is_told(key))),
    )


def _gpus(facts: dict[str, str]) -> tuple[GPU, ...] | None:
    """What NVML counted; none where nothing of a GPU is on the machine; else unknown."""
    counted = nvml.gpus(facts)
    if counted is not None:
        return counted
    if system.system_name() == "darwin":
        return ()
    traces = [key for key in facts if key.startswith("device.nv") or key in _OTHERS]
    is_none = facts.get("pci.gpus") == "0" and facts.get("device.gpus") == "0" and not traces
    return () if is_none else None


_OTHERS = ("device.kfd", "device.dxg", "device.tegra")


def _is_told(key: str) -> bool:
    """Whether the sheet says it under another key."""
    return key.startswith("gpu.") and key.endswith((".name", ".memory_mib", ".capability"))
