"""What the packages of an environment need of a machine."""

from __future__ import annotations

from conda_preflight.documents.lock import Package
from conda_preflight.plain import document_type, value_type


@value_type
class Compiled:
    """For which GPUs there is machine code, and for which PTX; capabilities as "8.0", sorted.

    ``extra`` are capabilities that have code for some kernels only.
    """

    cubins: tuple[str, ...]
    ptx: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()


@document_type
class Need:
    """What one package needs of a machine; an empty text or None is unknown.

    ``flavour`` is "cuda", "cpu", "rocm", "xpu", or empty for packages that have no such
    kinds; ``framework`` is true where a CPU build means that a model runs on the CPU.
    ``cuda`` is the toolkit that it was built with ("12.4", or "12" where only the major is
    known); ``driver`` the least driver and ``capability`` the least compute capability that
    its makers state; ``cudnn`` and ``nccl`` are versions that it was built with.
    ``rule`` names how that was read (``conda build string``), ``source`` is a URL.
    """

    package: Package
    rule: str
    source: str = ""
    flavour: str = ""
    framework: bool = False
    cuda: str = ""
    driver: str = ""
    capability: str = ""
    compiled: Compiled | None = None
    glibc: str = ""
    cudnn: str = ""
    nccl: str = ""


@document_type
class Stack:
    """What the packages for one platform need of a machine.

    ``subdir`` is the conda platform; ``packages`` are all of it; ``needs`` are in the order of
    the packages, one for each that says anything.
    """

    subdir: str
    packages: tuple[Package, ...]
    needs: tuple[Need, ...]

    def named(self, *names: str) -> tuple[Package, ...]:
        """The packages of either manager with one of these names."""
        return tuple(p for p in self.packages if p.name in names)
