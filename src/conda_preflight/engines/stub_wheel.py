"""Wheels without content that stand for what conda installs.

A resolver that is held to them checks that the pip half fits conda's versions, asks no
index for these projects, and puts nothing in their place.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterable
from pathlib import Path

from conda_preflight.pattern import lazy_pattern
from conda_preflight.solving.pip_half import Provided

_NAME = lazy_pattern(r"[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?")
_MAX_VERSION = 100
_EPOCH = (1980, 1, 1, 0, 0, 0)
_WHEEL = (
    "Wheel-Version: 1.0\nGenerator: conda-preflight\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
)


def write_stubs(provided: Iterable[Provided], folder: Path) -> tuple[list[str], list[str]]:
    """Write a stub for each project; the constraints that hold a resolver to them.

    The second list is names of projects whose version is none of PEP 440, for which nothing
    was written. The files stay under the same names, since a resolver caches what it read
    by address.
    """
    folder.mkdir(parents=True, exist_ok=True)
    constraints, untold = {}, []
    for each in (each for each in provided if _NAME.fullmatch(each.name)):
        if (known := canonical(each)) is None:
            untold.append(each.name)
            continue
        file = folder / file_name(known)
        if not file.exists():
            _write(file, stub(known))
        constraints[each.name] = f"{each.name} @ {file.as_uri()}"
    return list(constraints.values()), sorted(untold)


def canonical(provided: Provided) -> Provided | None:
    """The same with its version as PEP 440 writes it; None where it has none."""
    from packaging.version import InvalidVersion, Version

    try:
        return Provided(provided.name, str(Version(provided.version[:_MAX_VERSION])))
    except InvalidVersion:
        return None


def file_name(provided: Provided) -> str:
    """The name of the wheel as PEP 427 wants it."""
    return f"{_stem(provided)}-py3-none-any.whl"


def stub(provided: Provided) -> bytes:
    """A wheel with metadata alone: name and version, no requirements, no files."""
    info = f"{_stem(provided)}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {provided.name}\nVersion: {provided.version}\n"
    record = f"{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n"
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as wheel:
        for name, text in (("METADATA", metadata), ("WHEEL", _WHEEL), ("RECORD", record)):
            wheel.writestr(zipfile.ZipInfo(f"{info}/{name}", _EPOCH), text)
    return data.getvalue()


def _stem(provided: Provided) -> str:
    return f"{provided.name.replace('-', '_')}-{provided.version}"


def _write(file: Path, data: bytes) -> None:
    """Whole or not at all: another process may write the same one."""
    part = file.with_name(f"{file.name}.{os.getpid()}")
    part.write_bytes(data)
    part.replace(file)
