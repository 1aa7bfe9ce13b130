"""A package index for pip and uv from a directory of wheels and sdists: PEP 503, 691, 658."""

from __future__ import annotations

import json
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesHeaderParser
from hashlib import sha256
from html import escape
from pathlib import Path

from packaging.utils import canonicalize_name

from conda_preflight.testing.channel.pages import Page, folder, page

_JSON = "application/vnd.pypi.simple.v1+json"
_META = {"meta": {"api-version": "1.1"}}


@dataclass(frozen=True, slots=True)
class SimpleIndex:
    """A Site for a Server with ``/simple/``, ``/simple/NAME/`` and ``/files/FILE``.

    ``uploaded`` gives times by file name (ISO 8601), ``yanked`` reasons. Files are read anew
    for each request.
    """

    files: Path
    uploaded: Mapping[str, str] = field(default_factory=dict)
    yanked: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, path: str, headers: Message) -> Page | None:
        """The page at a path, as JSON for who accepts it."""
        as_json = _JSON in headers.get("Accept", "")
        match path.strip("/").split("/"):
            case ["simple"]:
                names = sorted({_project(file) for file in self._distributions()})
                return _projects(names, as_json=as_json)
            case ["simple", name]:
                rows = [self._row(f) for f in self._distributions() if _project(f) == name]
                return _files(name, rows, as_json=as_json) if rows else None
            case ["files", name]:
                wheel = self.files / name.removesuffix(".metadata")
                if name.endswith(".whl.metadata") and wheel.is_file():
                    return page(metadata(wheel), "text/plain")
                return folder(self.files)(name, headers)
        return None

    def _distributions(self) -> Iterator[Path]:
        return (f for f in sorted(self.files.iterdir()) if f.name.endswith((".whl", ".tar.gz")))

    def _row(self, file: Path) -> dict[str, object]:
        content, text = file.read_bytes(), metadata(file)
        known = {
            "requires-python": BytesHeaderParser().parsebytes(text)["Requires-Python"],
            "upload-time": self.uploaded.get(file.name),
            "yanked": self.yanked.get(file.name),
            "core-metadata": {"sha256": sha256(text).hexdigest()}
            if file.suffix == ".whl"
            else None,
        }
        return {
            "filename": file.name,
            "url": f"../../files/{file.name}",
            "hashes": {"sha256": sha256(content).hexdigest()},
            "size": len(content),
            **{key: value for key, value in known.items() if value is not None},
        }


def metadata(file: Path) -> bytes:
    """The METADATA of a wheel or the PKG-INFO of an sdist."""
    if file.suffix == ".whl":
        with zipfile.ZipFile(file) as wheel:
            return wheel.read(next(n for n in wheel.namelist() if n.endswith("/METADATA")))
    with tarfile.open(file) as sdist:
        content = sdist.extractfile(f"{file.name.removesuffix('.tar.gz')}/PKG-INFO")
        return content.read() if content else b""


def _project(file: Path) -> str:
    stem = file.name.removesuffix(".tar.gz")
    name = file.name.split("-")[0] if file.suffix == ".whl" else stem.rpartition("-")[0]
    return canonicalize_name(name)


def _projects(names: list[str], *, as_json: bool) -> Page:
    if as_json:
        return page(json.dumps({**_META, "projects": [{"name": n} for n in names]}).encode(), _JSON)
    return _html(f'<a href="{name}/">{name}</a>' for name in names)


def _files(name: str, rows: list[dict[str, object]], *, as_json: bool) -> Page:
    if as_json:
        return page(json.dumps({**_META, "name": name, "files": rows}).encode(), _JSON)
    return _html(map(_anchor, rows))


def _anchor(row: Mapping[str, object]) -> str:
    shown = {"href": f"{row['url']}#{_digest(row['hashes'])}"}
    if "core-metadata" in row:
        shown["data-core-metadata"] = _digest(row["core-metadata"])
    for key in {"requires-python", "yanked"} & row.keys():
        shown[f"data-{key}"] = str(row[key])
    attributes = " ".join(f'{key}="{escape(value)}"' for key, value in sorted(shown.items()))
    return f"<a {attributes}>{row['filename']}</a>"


def _digest(digests: object) -> str:
    return f"sha256={digests['sha256']}" if isinstance(digests, dict) else ""


def _html(anchors: Iterator[str]) -> Page:
    lines = "".join(f"{anchor}<br>\n" for anchor in anchors)
    return page(f"<!DOCTYPE html>\n<html><body>\n{lines}</body></html>\n".encode(), "text/html")
