"""Writes conda packages: the same Artifact gives the same bytes, whenever and wherever."""

from __future__ import annotations

import io
import json
import posixpath
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

PLACEHOLDER = "/opt/" + "placehold_" * 25
"""A prefix of 255 characters, as package builders use: what it is replaced by is shorter."""

TIMESTAMP = 1_700_000_000_000
"""When a package was built unless it says otherwise, in milliseconds since 1970."""

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can hold


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a package, or a symbolic link when ``link`` says where to.

    ``content`` may be a function, called when the file is written, so that large files do
    not wait in memory. ``placeholder`` is the prefix inside the content that an installer
    replaces: as text, or padded with zeros when the content is ``binary``.
    """

    content: bytes | Callable[[], bytes] = b""
    mode: int = 0o644
    link: str = ""
    placeholder: str = ""
    binary: bool = False

    def read(self) -> bytes:
        """The content, which a link does not have."""
        return self.content if isinstance(self.content, bytes) else self.content()


@dataclass(frozen=True, slots=True)
class Artifact:
    """A package to be written: its row in repodata and its files by path in the prefix.

    ``index`` are further fields of ``info/index.json`` (purls, track_features ...), ``info``
    further files below ``info/``. Paths are written as they are given, hostile ones too.
    """

    name: str
    version: str
    build: str = "0"
    build_number: int = 0
    subdir: str = "linux-64"
    noarch: str = ""
    depends: Sequence[str] = ()
    constrains: Sequence[str] = ()
    license: str = ""
    timestamp: int = TIMESTAMP
    files: Mapping[str, Entry] = field(default_factory=dict)
    entry_points: Sequence[str] = ()
    index: Mapping[str, object] = field(default_factory=dict)
    about: Mapping[str, object] = field(default_factory=dict)
    info: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def stem(self) -> str:
        """The file name without its ending."""
        return f"{self.name}-{self.version}-{self.build}"

    @property
    def folder(self) -> str:
        """The subdir in which it lies."""
        return "noarch" if self.noarch else self.subdir

    def record(self) -> dict[str, Any]:
        """The content of ``info/index.json``."""
        system, _, _ = self.subdir.partition("-")
        optional = {
            "constrains": list(self.constrains),
            "license": self.license,
            "noarch": self.noarch,
            **self.index,
        }
        return {
            "name": self.name,
            "version": self.version,
            "build": self.build,
            "build_number": self.build_number,
            "depends": sorted(self.depends),
            "subdir": self.folder,
            "platform": None if self.noarch else system,
            "timestamp": self.timestamp,
            **{key: value for key, value in optional.items() if value},
        }


def write(artifact: Artifact, channel: Path, ending: str = ".conda", *, level: int = 3) -> Path:
    """Write a package into its subdir of a channel directory, and return its path.

    ``ending`` is ``.conda`` or ``.tar.bz2``; ``level`` is that of zstd. Raises ValueError
    when a placeholder is not in its content.
    """
    file = channel / artifact.folder / f"{artifact.stem}{ending}"
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as out:
        (_write_conda if ending == ".conda" else _write_bz2)(artifact, out, level)
    return file


def _write_conda(artifact: Artifact, out: BinaryIO, level: int) -> None:
    from zstandard import ZstdCompressor

    paths: list[dict[str, object]] = []
    parts: dict[str, Callable[[], Iterable[tuple[str, Entry]]]] = {
        "pkg": lambda: _payload(artifact, paths),
        "info": lambda: _info(artifact, paths),
    }
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as container:
        container.writestr(_member("metadata.json"), '{"conda_pkg_format_version": 2}')
        for part, entries in parts.items():
            member = _member(f"{part}-{artifact.stem}.tar.zst")
            with (
                container.open(member, "w", force_zip64=True) as raw,
                ZstdCompressor(level=level).stream_writer(raw, closefd=False) as packed,
                tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
            ):
                _add(tar, entries())


def _write_bz2(artifact: Artifact, out: BinaryIO, _level: int) -> None:
    paths: list[dict[str, object]] = []
    for _ in _payload(artifact, paths):
        pass  # info comes first in this format, so that it is found quickly
    with tarfile.open(fileobj=out, mode="w:bz2", format=tarfile.PAX_FORMAT) as tar:
        _add(tar, _info(artifact, paths))
        _add(tar, _payload(artifact, []))


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, _EPOCH)
    member.external_attr = 0o644 << 16
    return member


def _add(tar: tarfile.TarFile, entries: Iterable[tuple[str, Entry]]) -> None:
    for path, entry in entries:
        header = tarfile.TarInfo(path)
        header.mode = entry.mode
        if entry.link:
            header.type, header.linkname = tarfile.SYMTYPE, entry.link
            tar.addfile(header)
        else:
            content = entry.read()
            header.size = len(content)
            tar.addfile(header, io.BytesIO(content))


def _payload(artifact: Artifact, paths: list[dict[str, object]]) -> Iterable[tuple[str, Entry]]:
    """The files in order; each adds its row to the paths."""
    for path, entry in sorted(artifact.files.items()):
        target = artifact.files.get(posixpath.normpath(f"{posixpath.dirname(path)}/{entry.link}"))
        # The digest of a link is that of the file it leads to, of nothing when it leads out.
        content = (target.read() if target else b"") if entry.link else entry.read()
        row: dict[str, object] = {
            "_path": path,
            "path_type": "softlink" if entry.link else "hardlink",
            "sha256": sha256(content).hexdigest(),
            "size_in_bytes": len(content),
        }
        if entry.placeholder:
            if entry.placeholder.encode() not in content:
                raise ValueError(f"{path} does not contain its placeholder {entry.placeholder}")
            row["prefix_placeholder"] = entry.placeholder
            row["file_mode"] = "binary" if entry.binary else "text"
        paths.append(row)
        yield path, Entry(content, entry.mode, entry.link)


def _info(artifact: Artifact, paths: list[dict[str, object]]) -> Iterable[tuple[str, Entry]]:
    texts: dict[str, object] = {
        "info/index.json": artifact.record(),
        "info/about.json": artifact.about or {"summary": artifact.name},
        "info/paths.json": {"paths": paths, "paths_version": 1},
    }
    if artifact.noarch == "python":
        noarch = {"type": "python", "entry_points": list(artifact.entry_points)}
        texts["info/link.json"] = {"noarch": noarch, "package_metadata_version": 1}
    content = {
        path: json.dumps(value, indent=1, sort_keys=True).encode() for path, value in texts.items()
    }
    content["info/files"] = "".join(f"{row['_path']}\n" for row in paths).encode()
    content |= {f"info/{path}": more for path, more in artifact.info.items()}
    for path in sorted(content):
        yield path, Entry(content[path])
