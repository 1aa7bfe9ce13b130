"""Which facts of nodes are compared, and how much it matters where they are not alike.

What may differ between two good nodes (free memory, counts of errors, serial numbers) is left out.
"""

from __future__ import annotations

from conda_preflight.plain import value_type
from conda_preflight.report import Severity

ENVIRONMENT = ("lock.", "packages", "files", "python", "bundled.")
"""Facts of a project or an environment; the rest is of the machine."""


@value_type
class Compared:
    """Facts whose name is ``start``, or begins with it where it ends in a dot."""

    start: str
    title: str
    severity: Severity

    def fits(self, fact: str) -> bool:
        """Whether a fact belongs to it."""
        return fact.startswith(self.start) if self.start.endswith(".") else fact == self.start


_E, _W = Severity.ERROR, Severity.WARNING
FAMILIES = (
    Compared("lock.", "Lock", _E),
    Compared("packages", "Packages", _E),
    Compared("files", "Files of the environment", _E),
    Compared("python", "Python of the environment", _E),
    Compared("bundled.", "Libraries of CUDA in the environment", _E),
    Compared("system.", "Libraries of CUDA in the system", _E),
    Compared("driver", "Driver", _E),
    Compared("cuda", "CUDA of the driver", _E),
    Compared("module.nvidia", "Kernel module of the driver", _E),
    Compared("module.nvidia.open", "Kernel module of the driver", _E),
    Compared("library.libcuda.version", "Libraries of the driver", _E),
    Compared("library.libnvidia-ml.version", "Libraries of the driver", _E),
    Compared("fabric.", "NVSwitch fabric", _E),
    Compared("nvml", "NVIDIA's management library", _E),
    Compared("cuda.init", "Start of CUDA", _E),
    Compared("os", "Operating system", _E),
    Compared("arch", "Processor", _E),
    Compared("gpus", "GPUs", _E),
    Compared("gpu.", "Settings of GPUs", _W),
    Compared("pci.", "PCI", _W),
    Compared("device.", "Device files", _W),
    Compared("module.", "Kernel modules", _W),
    Compared("archspec", "Processor", _W),
    Compared("glibc", "glibc", _W),
    Compared("kernel", "Kernel", _W),
    Compared("kernel.option.", "Options of the kernel", _W),
    Compared("os.", "Operating system", _W),
    Compared("limit.", "Limits of a process", _W),
    Compared("shm_mib", "Shared memory", _W),
    Compared("cgroup.version", "Control groups", _W),
    Compared("numa.calls", "Calls for NUMA", _W),
    Compared("container.", "Container", _W),
    Compared("variable.", "Variables", _W),
    Compared("user_site.", "Packages of the user", _W),
    Compared("clock", "Clock", _W),
)
LEFT_OUT = ("nvml.", "gpu.*.ecc.", "gpu.*.rows", "gpu.*.pages", "gpu.*.recovery", "gpu.*.error")
"""Within families: counts that rules about one node judge."""


def family(fact: str) -> Compared | None:
    """The family of a fact; None for one that is not compared."""
    name = _without_number(fact)
    if any(name.startswith(start) for start in LEFT_OUT):
        return None
    return next((each for each in FAMILIES if each.fits(fact)), None)


def of_environment(fact: str) -> bool:
    """Whether a fact is one of a project or an environment."""
    return fact.startswith(ENVIRONMENT)


def _without_number(fact: str) -> str:
    """``gpu.3.mig`` as ``gpu.*.mig``."""
    return ".".join("*" if part.isdecimal() else part for part in fact.split("."))
