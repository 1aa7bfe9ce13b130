"""The ELF files of a prefix, and what the dynamic loader would pick for each entry point."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from conda_preflight.documents import Host, Location
from conda_preflight.documents.libraries import Libraries
from conda_preflight.loading.contents import Contents, python_of, take
from conda_preflight.loading.disk import Disk
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
) -> Libraries:
    """The Libraries of a prefix below a root, the directory that is / on its machine.

    The system beside it is that of the root, or the host's, of which less is known. Nothing
    is run. ``environment`` are variables of the active prefix. Raises Skip where the files need
    each other without end, and nothing else.
    """
    folder = os.path.realpath(directory)
    base = os.path.realpath(root)
    seen = folder if base == "/" else folder.removeprefix(base)
    disk = Disk(seen, base)
    contents = take(disk, folder)
    system = _system(disk, contents, base, host)
    paths, origin = _library_path(disk, environment or {})
    model = Model(contents, disk, system, paths)
    return Libraries(
        path=name,
        location=Location(name),
        processes=tuple(model.processes()),
        objects=model.used,
        inside={key: tuple(places) for key, places in contents.names.items()},
        system=system.name,
        is_system_known=system.is_known,
        glibc=system.glibc,
        library_path=paths,
        library_path_from=origin,
        is_whole=contents.is_whole,
        broken=dict(islice(_broken(disk), MAX_BROKEN)),
    )


def _broken(disk: Disk) -> Iterator[tuple[str, str]]:
    inside = (item for item in disk.broken.items() if not item[0].startswith("/"))
    return ((path, error.message) for path, error in inside)


def _system(disk: Disk, contents: Contents, root: str, host: Host | None) -> System:
    if host is not None:
        return described(host)
    python = contents.objects.get(python_of(contents))
    first = python or next(iter(contents.objects.values()), None)
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
