"""What is on the PCI bus: GPUs, NVSwitches, bridges that send every transfer through the root."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type
from conda_preflight.probing.machine import Fact, Machine

FOLDER = "/sys/bus/pci/devices"
NVIDIA = "0x10de"
_DISPLAY, _SWITCH, _BRIDGE = "0x03", "0x0680", "0x0604"
"""Classes of the PCI code and ID assignment specification: display, other bridge, PCI bridge."""
_EXTENDED, _ACS = 0x100, 0x000D
_REDIRECT = 0x001C
"""Request redirect, completion redirect and upstream forwarding of the ACS control register.

Source: PCI Express base specification, access control services.
"""
_MAX_STEPS = 64
_NAME = lazy_pattern(r"[A-Za-z0-9_-]{1,40}")
_KEYS = ("class", "vendor", "numa_node")


@value_type
class Device:
    """One device: its address, class, vendor, the kernel driver that holds it, its NUMA node."""

    address: str
    kind: str
    vendor: str
    driver: str
    node: str


def devices(machine: Machine) -> tuple[Device, ...] | None:
    """All devices of the bus, None where it cannot be seen."""
    names = machine.names(FOLDER)
    return None if names is None else tuple(_device(machine, name) for name in names)


def facts(machine: Machine) -> Iterator[Fact]:
    """``pci.gpus`` (of NVIDIA), by their ``driver`` too, ``pci.nvswitches``, ``pci.acs``.

    ``pci.gpus.numa`` counts the NUMA nodes on which the GPUs lie.
    """
    found = devices(machine)
    if found is None:
        return
    gpus = [d for d in found if d.vendor == NVIDIA and d.kind.startswith(_DISPLAY)]
    yield "pci.gpus", str(len(gpus))
    for driver, count in sorted(Counter(gpu.driver or "none" for gpu in gpus).items()):
        yield f"pci.gpus.driver.{driver}", str(count)
    nodes = {gpu.node for gpu in gpus if gpu.node.isdecimal()}  # -1 where there is one
    if nodes:
        yield "pci.gpus.numa", str(len(nodes))
    switches = [d for d in found if d.vendor == NVIDIA and d.kind.startswith(_SWITCH)]
    yield "pci.nvswitches", str(len(switches))
    if gpus:
        yield from _access_control(machine, [d for d in found if d.kind.startswith(_BRIDGE)])


def _access_control(machine: Machine, bridges: list[Device]) -> Iterator[Fact]:
    """``pci.acs``: the bridges that redirect, or that it cannot be read without rights."""
    states = [_redirects(machine.data(f"{FOLDER}/{d.address}/config", 4096)) for d in bridges]
    if all(state is None for state in states):
        yield "pci.acs", "not readable" if bridges else "0 of 0"
    else:
        yield "pci.acs", f"{sum(state is True for state in states)} of {len(states)}"


def _redirects(config: bytes | None) -> bool | None:
    """Whether a bridge redirects transfers between its devices; None where it cannot be read."""
    if config is None or len(config) <= _EXTENDED:
        return None
    at = _EXTENDED
    for _ in range(_MAX_STEPS):
        header = int.from_bytes(config[at : at + 4], "little")
        if header & 0xFFFF == _ACS:
            return bool(int.from_bytes(config[at + 6 : at + 8], "little") & _REDIRECT)
        at = header >> 20
        if at < _EXTENDED:
            break
    return False


def _device(machine: Machine, name: str) -> Device:
    folder = f"{FOLDER}/{name}"
    driver = machine.link(f"{folder}/driver")
    kind, vendor, node = ((machine.text(f"{folder}/{key}", 20) or "").strip() for key in _KEYS)
    return Device(name, kind, vendor, driver if _NAME.fullmatch(driver) else "", node)
