"""An image or a root file system as what is audited: its environments and its C library.

Of an image only environments and the system around them are unpacked, into a folder that is
gone afterwards; a root file system is read where it lies.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from conda_preflight.config import Settings
from conda_preflight.documents import Document, Host, Location, Project, Unreadable
from conda_preflight.errors import ReadError, UsageError
from conda_preflight.image_marks import is_system
from conda_preflight.loading.disk import Disk
from conda_preflight.loading.machine import machine
from conda_preflight.oci import stored, unpacking
from conda_preflight.plain import document_type
from conda_preflight.project import completed
from conda_preflight.readers import prefix as prefix_reader

MAX_FOLDERS = 2_000_000
_MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}
_RUNNING = ("proc", "sys", "dev", "run")
Told = Callable[[str, int, int], None]


@document_type
class Opened:
    """What is audited, and the folder that is / in it (empty where it could not be read)."""

    project: Project
    root: str


@contextmanager
def opened(path: Path, settings: Settings, told: Told) -> Iterator[Opened]:
    """An image or a root file system, unpacked as far as it is looked at.

    What is damaged or hostile is an Unreadable. Raises UsageError where no environment is in it.
    """
    if is_system(path):
        found = _environments(path)
        yield Opened(_project(path, path, found, os.uname().machine, settings), str(path))
        return
    with tempfile.TemporaryDirectory(prefix="conda-preflight-image-") as scratch:
        root = Path(scratch).resolve()
        try:
            image = stored.open_image(path)
            tree = unpacking.index(image, told)
            found = unpacking.prefixes(tree)
            unpacking.unpack(image, tree, found, root, told)
        except ReadError as error:
            place = Location(path.name)
            bad = Unreadable(path.name, error.message, error.hint, place)
            yield Opened(completed(path, [bad], settings), "")
            return
        abi = _abi(image.config)
        yield Opened(_project(path, root, found, abi, settings), str(root))


def _project(
    path: Path, root: Path, environments: Iterable[str], abi: str, settings: Settings
) -> Project:
    documents: list[Document] = []
    for name in environments:
        documents += prefix_reader.read(root / name, name)
    if not documents:
        raise UsageError(
            f"{path} holds no conda environment", "None of its folders has a conda-meta."
        )
    project = completed(path, documents, settings)
    return _in_container(project, _host(path, root, abi))


def _host(path: Path, root: Path, abi: str) -> Host:
    """What an image decides about where it runs: the machine's kind and the C library."""
    system = machine(Disk("/", str(root)), abi, "the image", is_here=False)
    name = path.name or str(path)
    return Host(
        path=name,
        location=Location(name),
        name=name,
        os="linux",
        arch=abi,
        glibc=system.glibc,
        container=name,
    )


def _in_container(project: Project, host: Host) -> Project:
    """The targets with the C library of the image, which is the one that counts in it."""
    nodes = [doc for doc in project.documents if isinstance(doc, Host)]
    others = [doc for doc in project.documents if not isinstance(doc, Host)]
    inside = [replace(n, glibc=host.glibc, container=host.container) for n in nodes] or [host]
    name = host.path
    documents = (*others, *inside)
    return replace(project, path=name, location=Location(name), documents=documents)


def _abi(config: Mapping[str, Any]) -> str:
    found = str(config.get("architecture", ""))
    return _MACHINES.get(found, found)[:40]


def _environments(root: Path) -> list[str]:
    """The environments of a root file system; links are not followed."""
    found = []
    for count, (here, folders, _) in enumerate(os.walk(root)):
        if count > MAX_FOLDERS:
            raise UsageError(f"{root} holds more folders than an image has")
        lead = os.path.relpath(here, root)
        lead = "" if lead == "." else f"{lead}/"
        folders[:] = sorted(f for f in folders if lead or f not in _RUNNING)
        if "conda-meta" in folders and lead:
            found.append(lead.rstrip("/"))
            folders[:] = [f for f in folders if f not in ("pkgs", "conda-meta", "lib")]
    return found
