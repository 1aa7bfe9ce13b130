"""What was found on a disk: caches, environments, what they weigh and who uses them."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import field
from typing import NamedTuple

from conda_preflight.plain import document_type, value_type

ARCHIVE, PACKAGE, INDEX, LEFTOVER = "archives", "packages", "index", "leftovers"
DOWNLOADS, MODEL, ENVIRONMENT, TRASHED = "downloads", "models", "environments", "trash"
KINDS = (ARCHIVE, PACKAGE, INDEX, LEFTOVER, DOWNLOADS, MODEL, ENVIRONMENT, TRASHED)
"""Kinds of what is found, in the order in which they are shown."""


@document_type
class Shared:
    """Inodes that have names outside of what was walked, in columns of one length.

    ``devices`` and ``inodes`` say which; ``seen`` are the names that were met, ``links`` all that
    it has, ``sizes`` the bytes on the disk. There are as many as an environment has files.
    """

    devices: array[int] = field(default_factory=lambda: array("Q"))
    inodes: array[int] = field(default_factory=lambda: array("Q"))
    seen: array[int] = field(default_factory=lambda: array("L"))
    links: array[int] = field(default_factory=lambda: array("L"))
    sizes: array[int] = field(default_factory=lambda: array("q"))

    def __len__(self) -> int:
        return len(self.inodes)

    def add(self, device: int, inode: int, seen: int, links: int, size: int) -> None:
        """Add one inode, which is not there yet."""
        self.devices.append(device)
        self.inodes.append(inode)
        self.seen.append(seen)
        self.links.append(links)
        self.sizes.append(size)

    def __iter__(self) -> Iterator[tuple[int, int, int, int, int]]:
        return zip(self.devices, self.inodes, self.seen, self.links, self.sizes, strict=True)


@document_type
class Usage:
    """What one or several folders hold on the disk.

    ``size`` is in bytes as blocks are allocated, each inode once; ``own`` is the part of it of
    which every link lies here, which is what its removal frees. ``accessed`` and ``compiled``
    are the newest access to a program or library and the newest compiled file, in seconds since
    1970, 0 for none; ``outward`` are absolute paths that links lead to. ``closed`` are folders
    that could not be read.
    """

    files: int = 0
    size: int = 0
    own: int = 0
    shared: Shared = field(default_factory=Shared)
    accessed: float = 0
    compiled: float = 0
    outward: frozenset[str] = frozenset()
    closed: int = 0


NOTHING = Usage()


@value_type
class Part:
    """A file or folder that goes as a whole: its absolute path, and which one it was when seen."""

    path: str
    device: int
    inode: int
    owner: int = 0


@document_type
class Environment:
    """What only environments have.

    ``name`` is what a person calls it. ``base`` says why it is the root of an installation, empty
    where it is none; ``history`` is when conda last changed it, in seconds since 1970; ``project``
    what it belongs to, with how that is known in ``told_by``; ``true_access`` is whether the file
    system keeps access times; ``registries`` are the lists of environments that name it.
    """

    name: str
    base: str = ""
    frozen: bool = False
    history: float = 0
    project: str = ""
    told_by: str = ""
    true_access: bool = False
    registries: tuple[str, ...] = ()


@document_type
class Found:
    """One thing that can go as a whole; ``tool`` is whose it is, ``parts`` what it consists of.

    ``path`` is what it is called. ``can_share`` is true where the file system lets files share
    blocks, so that less may become free; ``barred`` says why it cannot be moved, empty where it
    can; ``refs`` are the branches and tags of a model that lead to it, or the run that moved
    an environment into the trash.
    """

    kind: str
    tool: str
    path: str
    parts: tuple[Part, ...]
    usage: Usage = NOTHING
    environment: Environment | None = None
    can_share: bool = False
    barred: str = ""
    refs: tuple[str, ...] = ()


class Process(NamedTuple):
    """A process that uses files: its number, program, and the paths that it holds.

    ``installs`` is true for a package manager that is changing something; ``home`` is the home
    whose caches it fills, empty where that is not known.
    """

    pid: int
    program: str
    paths: frozenset[str]
    installs: bool = False
    home: str = ""


@document_type
class Running:
    """All processes that could be looked at, and how many could not."""

    processes: tuple[Process, ...] = ()
    hidden: int = 0
