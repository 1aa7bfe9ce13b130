"""Where an environment will run."""

from __future__ import annotations

from conda_preflight.documents.place import Location
from conda_preflight.plain import document_type, value_type

HOST_SCHEMA = "conda-preflight/host/1"
UNLIMITED = 2**63 - 1
"""What ``"unlimited"`` means for a number of MiB or KiB."""
MAX_FACT = 1024
"""Characters of one fact of a running machine."""
_SYSTEMS = {"linux": "linux", "darwin": "osx", "windows": "win"}
_MACHINES = {"x86_64": "64", "amd64": "64", "i686": "32", "ppc64le": "ppc64le"}
_ARM = {"linux": "aarch64", "darwin": "arm64", "windows": "arm64"}


@value_type
class GPU:
    """One accelerator; ``capability`` is "8.0" or empty, ``memory_mib`` 0 when unknown."""

    name: str
    capability: str = ""
    memory_mib: int = 0


@value_type
class Trial:
    """One thing that was tried on a machine with the Python of a prefix.

    ``step`` is such as "torch.matmul"; ``status`` is "passed", "failed", "crashed", "hung",
    "not-installed" or "not-tried"; ``detail`` says what happened or why not, ``facts`` are
    what was read (name, value), as the sheet has them.
    """

    step: str
    status: str
    detail: str = ""
    facts: tuple[tuple[str, str], ...] = ()


@document_type
class Host:
    """Where it will run: a fact sheet; an empty text or None is unknown.

    ``gpus`` is None when unknown and empty when there are none; ``container`` is the image
    that it runs in; ``node`` are facts of the running machine by dotted name, as ``probe``
    reads them (``module.nvidia``: its version), and ``trials`` what was tried on it with an
    environment.
    """

    path: str
    location: Location
    name: str = ""
    os: str = ""
    arch: str = ""
    glibc: str = ""
    kernel: str = ""
    driver: str = ""
    cuda: str = ""
    gpus: tuple[GPU, ...] | None = None
    archspec: str = ""
    shm_mib: int | None = None
    memlock_kib: int | None = None
    container: str = ""
    node: tuple[tuple[str, str], ...] = ()
    trials: tuple[Trial, ...] = ()

    @property
    def subdir(self) -> str:
        """The conda platform, empty where the sheet does not say enough."""
        system, machine = _SYSTEMS.get(self.os, ""), self.arch.lower()
        is_arm = machine in ("aarch64", "arm64")
        word = _ARM.get(self.os, "") if is_arm else _MACHINES.get(machine, "")
        return f"{system}-{word}" if system and word else ""

    @property
    def title(self) -> str:
        """What the target is called: its name, else the file of its sheet."""
        return self.name or self.path
