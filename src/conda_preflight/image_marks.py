"""Whether a path is an image or a root file system; cheap, since every audit asks."""

from __future__ import annotations

import os
from pathlib import Path

_SYSTEM = ("etc/os-release", "usr/lib/os-release")
_MAGIC, _AT = b"ustar", 257


def is_system(path: Path) -> bool:
    """Whether a folder is the root of a system, by the file that names the system."""
    return path.is_dir() and any(os.path.lexists(path / mark) for mark in _SYSTEM)


def may_be_image(path: Path) -> bool:
    """Whether a path is an image layout, or a tar, which is then looked into."""
    if path.is_dir():
        return (path / "oci-layout").is_file()
    try:
        if not path.is_file():
            return False
        with path.open("rb") as stream:
            return stream.read(_AT + len(_MAGIC))[_AT:] == _MAGIC
    except OSError:
        return False
