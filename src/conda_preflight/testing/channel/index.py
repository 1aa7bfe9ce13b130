"""Writes the repodata of a channel directory: the same packages give the same bytes."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

Record = Mapping[str, Any]
"""A row of repodata: the fields of ``info/index.json`` with sha256, md5, size and ``fn``."""


def index_channel(channel: Path) -> None:
    """Write ``repodata.json`` and ``repodata.json.zst`` for each subdir, noarch always.

    Nothing is stamped with the time of indexing, which solvers would take for the age of
    the packages.
    """
    subdirs = {"noarch", *(file.parent.name for file in _artifacts(channel))}
    for subdir in sorted(subdirs):
        write_repodata(channel, subdir, map(read_record, _artifacts(channel, subdir)))


def write_repodata(channel: Path, subdir: str, records: Iterable[Record]) -> Path:
    """Write the repodata of one subdir, and return the path of its JSON."""
    from zstandard import ZstdCompressor

    rows = {record["fn"]: record for record in records}
    repodata = {
        "info": {"subdir": subdir},
        "packages": _with_ending(rows, ".tar.bz2"),
        "packages.conda": _with_ending(rows, ".conda"),
        "removed": [],
        "repodata_version": 1,
    }
    text = json.dumps(repodata, indent=1, sort_keys=True).encode()
    file = channel / subdir / "repodata.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text)
    file.with_name("repodata.json.zst").write_bytes(ZstdCompressor().compress(text))
    return file


def read_record(file: Path) -> Record:
    """The row of a package: its ``info/index.json``, digests and size."""
    content = file.read_bytes()
    return {
        **json.loads(_index_json(file)),
        "fn": file.name,
        "md5": hashlib.md5(content, usedforsecurity=False).hexdigest(),
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
    }


def _artifacts(channel: Path, subdir: str = "*") -> list[Path]:
    found = (channel.glob(f"{subdir}/*{ending}") for ending in (".conda", ".tar.bz2"))
    return sorted(file for files in found for file in files)


def _with_ending(rows: Mapping[str, Record], ending: str) -> dict[str, Record]:
    return {
        name: {key: value for key, value in row.items() if key != "fn"}
        for name, row in rows.items()
        if name.endswith(ending)
    }


def _index_json(file: Path) -> bytes:
    if file.suffix == ".conda":
        from zstandard import ZstdDecompressor

        with zipfile.ZipFile(file) as container:
            part = next(name for name in container.namelist() if name.startswith("info-"))
            packed = ZstdDecompressor().stream_reader(io.BytesIO(container.read(part)))
            return _member_of(tarfile.open(fileobj=packed, mode="r|"))
    return _member_of(tarfile.open(file, mode="r:bz2"))


def _member_of(archive: tarfile.TarFile) -> bytes:
    with archive:
        for member in archive:
            if member.name == "info/index.json":
                content = archive.extractfile(member)
                return content.read() if content else b""
    raise ValueError("a package without info/index.json")
