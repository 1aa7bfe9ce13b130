"""The ELF files of a prefix, and what the dynamic loader would pick for each entry point."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from conda_preflight.documents import Document, Host, Libraries, Location, Unreadable
from conda_preflight.errors import ReadError
from conda_preflight.loading.disk import Disk
from conda_preflight.loading.inventory import Inventory, python_of, take
from conda_preflight.loading.machine import described, machine
from conda_preflight.loading.model import Model
from conda_preflight.loading.system import System

VARIABLE = "LD_LIBRARY_PATH"
MAX_STATE = 4 * 1024 * 1024
MAX_BROKEN = 1000


def read(
    directory: Path,
    name: str,
    *,
    root: Path = Path("/"),
    host: Host | None = None,
    environment: Mapping[str, str] | None = None,
) -> list[Document]:
    """The Libraries of a prefix below a root, and an Unreadable for each broken ELF file.

    The system beside it is that of the root, or the host's, of which less is known. Nothing
    is run. ``environment`` are variables of the active prefix. Never raises.
    """
    folder = os.path.realpath(directory)
    base = os.path.realpath(root)
    seen = folder if base == "/" else folder.removeprefix(base)
    disk = Disk(seen, base)
    inventory = take(disk, folder)
    system = _system(disk, inventory, base, host)
    paths, origin = _library_path(disk, environment or {})
    model = Model(inventory, disk, system, paths)
    libraries = Libraries(
        path=name,
        location=Location(name),
        processes=tuple(model.processes()),
        objects=model.used,
        inside={key: tuple(places) for key, places in inventory.names.items()},
        system=system.name,
        is_system_known=system.is_known,
        glibc=system.glibc,
        library_path=paths,
        library_path_from=origin,
    )
    broken = [(path, error) for path, error in disk.broken.items() if not path.startswith("/")]
    return [
        libraries,
        *(_unreadable(f"{name}/{path}", error) for path, error in broken[:MAX_BROKEN]),
    ]


def _system(disk: Disk, inventory: Inventory, root: str, host: Host | None) -> System:
    if host is not None:
        return described(host)
    python = inventory.objects.get(python_of(inventory))
    first = python or next(iter(inventory.objects.values()), None)
    is_here = root == "/"
    return machine(
        disk, first.abi if first else "x86_64", "this machine" if is_here else root, is_here=is_here
    )


def _library_path(disk: Disk, environment: Mapping[str, str]) -> tuple[tuple[str, ...], str]:
    """The directories of LD_LIBRARY_PATH, and who sets it: conda's variables, or a shell."""
    state = _state(disk.content(f"{disk.prefix}/conda-meta/state", MAX_STATE))
    for text, origin in ((state, "conda-meta/state"), (environment.get(VARIABLE, ""), "the shell")):
        folders = tuple(part for part in text.replace(";", ":").split(":") if part)
        if folders:
            return folders, origin
    return (), ""


def _state(data: bytes) -> str:
    try:
        variables = json.loads(data)["env_vars"]
        found = variables[VARIABLE]
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""
    return found if isinstance(found, str) and found.isprintable() else ""


def _unreadable(path: str, error: ReadError) -> Unreadable:
    return Unreadable(path, error.message, error.hint, Location(path))
