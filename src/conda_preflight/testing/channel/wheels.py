"""Makes wheels and sdists: the same arguments give the same bytes."""

from __future__ import annotations

import base64
import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from packaging.utils import canonicalize_name

_EPOCH = (1980, 1, 1, 0, 0, 0)


def make_wheel(
    folder: Path,
    name: str,
    version: str,
    requires: Iterable[str] = (),
    files: Mapping[str, bytes] | None = None,
    *,
    tag: str = "py3-none-any",
    fields: Mapping[str, str] | None = None,
    entry_points: str = "",
) -> Path:
    """Write a wheel into a directory, and return its path.

    Without ``files`` it holds one module of its name with ``__version__``. ``fields`` are
    further ones of its METADATA (Requires-Python, License-Expression ...), ``entry_points``
    the text of that file.
    """
    stem = f"{_module(name)}-{version}"
    info = f"{stem}.dist-info"
    content = dict(_modules(name, version) if files is None else files)
    content[f"{info}/METADATA"] = _metadata(name, version, requires, fields or {})
    pure = str(tag.endswith("-any")).lower()
    content[f"{info}/WHEEL"] = (
        f"Wheel-Version: 1.0\nGenerator: conda-preflight\nRoot-Is-Purelib: {pure}\nTag: {tag}\n"
    ).encode()
    if entry_points:
        content[f"{info}/entry_points.txt"] = entry_points.encode()
    rows = "".join(f"{path},{_digest(data)},{len(data)}\n" for path, data in content.items())
    content[f"{info}/RECORD"] = f"{rows}{info}/RECORD,,\n".encode()
    return _zip(folder / f"{stem}-{tag}.whl", content)


def make_sdist(
    folder: Path,
    name: str,
    version: str,
    requires: Iterable[str] = (),
    *,
    fields: Mapping[str, str] | None = None,
) -> Path:
    """Write an sdist that setuptools can build into a directory, and return its path."""
    stem = f"{_module(name)}-{version}"
    needs = list(requires)
    project = (
        '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
        f'[project]\nname = "{name}"\nversion = "{version}"\ndependencies = {json.dumps(needs)}\n'
    )
    content = {
        **_modules(name, version),
        "PKG-INFO": _metadata(name, version, needs, fields or {}),
        "pyproject.toml": project.encode(),
    }
    file = folder / f"{stem}.tar.gz"
    folder.mkdir(parents=True, exist_ok=True)
    with (
        gzip.GzipFile("", "wb", fileobj=(packed := io.BytesIO()), mtime=0) as raw,
        tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for path, data in sorted(content.items()):
            header = tarfile.TarInfo(f"{stem}/{path}")
            header.size = len(data)
            tar.addfile(header, io.BytesIO(data))
    file.write_bytes(packed.getvalue())
    return file


def _module(name: str) -> str:
    return canonicalize_name(name).replace("-", "_")


def _modules(name: str, version: str) -> dict[str, bytes]:
    return {f"{_module(name)}.py": f'__version__ = "{version}"\n'.encode()}


def _metadata(name: str, version: str, requires: Iterable[str], fields: Mapping[str, str]) -> bytes:
    lines = [f"{key}: {value}" for key, value in fields.items()]
    lines += [f"Requires-Dist: {requirement}" for requirement in requires]
    # From version 2.2 on, resolvers may trust the metadata of an sdist without building it.
    return "\n".join(
        ["Metadata-Version: 2.2", f"Name: {name}", f"Version: {version}", *lines, ""]
    ).encode()


def _digest(data: bytes) -> str:
    digest = base64.urlsafe_b64encode(sha256(data).digest()).rstrip(b"=")
    return f"sha256={digest.decode()}"


def _zip(file: Path, content: Mapping[str, bytes]) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, data in content.items():
            member = zipfile.ZipInfo(path, _EPOCH)
            member.external_attr = 0o644 << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            wheel.writestr(member, data)
    return file
