"""Where an environment will run."""

from __future__ import annotations

from conda_preflight.documents.place import Location
from conda_preflight.plain import document_type, value_type


@value_type
class GPU:
    """One accelerator; ``capability`` is "8.0" or empty, ``memory_mib`` 0 when unknown."""

    name: str
    capability: str = ""
    memory_mib: int = 0


@document_type
class Host:
    """Where it will run: a fact sheet; an empty text or None is unknown.

    ``gpus`` is None when unknown and empty when there are none.
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
