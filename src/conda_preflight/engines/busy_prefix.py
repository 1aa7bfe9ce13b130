"""Processes that are writing into a prefix now, as far as this user may see them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_WRITING = os.O_WRONLY | os.O_RDWR
_MAX_NAME = 60


def writers(root: Path) -> list[str]:
    """Each process that has a file of the prefix open for writing: its number and name.

    Empty where there is no /proc. One that will write in a moment is not seen.
    """
    real = os.path.realpath(root) + os.sep
    return [
        f"{folder.name} ({_name(folder)})"
        for folder in _processes()
        if any(_is_open(each, real) for each in _descriptors(folder))
    ]


def _processes() -> Iterator[Path]:
    try:
        names = os.listdir("/proc")  # noqa: PTH208  (numbers are picked before paths are made)
    except OSError:
        return
    own = str(os.getpid())
    yield from (Path("/proc", name) for name in sorted(names) if name.isdigit() and name != own)


def _descriptors(folder: Path) -> list[Path]:
    try:
        return sorted((folder / "fd").iterdir())
    except OSError:
        return []


def _is_open(descriptor: Path, real: str) -> bool:
    try:
        if not os.readlink(descriptor).startswith(real):  # noqa: PTH115  (a deleted file's too)
            return False
        info = (descriptor.parents[1] / "fdinfo" / descriptor.name).read_text()
    except OSError:
        return False
    flags = next((line for line in info.splitlines() if line.startswith("flags:")), "flags: 0")
    return bool(int(flags.split()[1], 8) & _WRITING)


def _name(folder: Path) -> str:
    try:
        return (folder / "comm").read_text().strip()[:_MAX_NAME]
    except OSError:
        return "?"
