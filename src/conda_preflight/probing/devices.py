"""Device files: those of the NVIDIA driver, of InfiniBand, of other accelerators."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.pattern import lazy_pattern
from conda_preflight.probing.machine import Fact, Machine

_GPU = lazy_pattern(r"nvidia\d{1,4}")
_SINGLE = ("nvidiactl", "nvidia-uvm", "nvidia-uvm-tools", "nvidia-modeset")
_OTHER = ("kfd", "dxg", "nvmap", "nvhost-ctrl-gpu")
_TEGRA = ("/etc/nv_tegra_release", "/sys/module/tegra_fuse")
MAX_GPUS = 64


def facts(machine: Machine) -> Iterator[Fact]:
    """``device.NAME``: ``usable`` or ``denied``; those that are not there are left out.

    ``device.gpus`` counts the files ``/dev/nvidiaN``; ``device.char`` says whether udev's links
    to them are there. ``device.tegra`` marks a Jetson.
    """
    names = machine.names("/dev")
    if names is None:
        return
    gpus = [name for name in names if _GPU.fullmatch(name)]
    yield "device.gpus", str(len(gpus))
    for name in (*gpus[:MAX_GPUS], *_SINGLE, *_OTHER):
        if name in names:
            yield f"device.{name}", _state(machine, f"/dev/{name}")
    if machine.names("/dev/infiniband"):
        yield "device.infiniband", "yes"
    if gpus:
        yield "device.char", "yes" if _has_char_links(machine) else "no"
    if any(map(machine.exists, _TEGRA)):
        yield "device.tegra", "yes"


def _state(machine: Machine, path: str) -> str:
    return "usable" if machine.is_usable(path) else "denied"


def _has_char_links(machine: Machine) -> bool:
    """Whether /dev/char has a link to a GPU; major 195 is the driver's.

    Source: https://www.kernel.org/doc/Documentation/admin-guide/devices.txt.
    """
    return any(name.startswith("195:") for name in machine.names("/dev/char") or ())
