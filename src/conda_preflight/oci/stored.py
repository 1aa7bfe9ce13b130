"""An image as it is stored: an image layout, its tar, or a docker archive."""

from __future__ import annotations

import json
import platform
import tarfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from conda_preflight.errors import ReadError
from conda_preflight.oci.blobs import DIGEST
from conda_preflight.oci.descriptor import (
    DOCKER_INDEX,
    DOCKER_LAYER,
    DOCKER_MANIFEST,
    INDEX,
    LAYER,
    MANIFEST,
    Descriptor,
)
from conda_preflight.oci.sources import Archive, Files, Folder, read
from conda_preflight.plain import document_type

MAX_JSON = 8 * 1024**2
MAX_LAYERS = 500
_INDEXES = (INDEX, DOCKER_INDEX)
_MANIFESTS = (MANIFEST, DOCKER_MANIFEST, "")
_FOREIGN = "rootfs.foreign"
_MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}


@document_type
class StoredLayer:
    """A layer: its blob, the digest that its tar must have (or empty), and its bytes."""

    blob: Descriptor
    diff_id: str
    pieces: Callable[[], Iterator[bytes]]


@document_type
class Stored:
    """An image; ``config`` is its config, ``layers`` from the bottom up, ``digest`` its own."""

    config: Mapping[str, Any]
    layers: tuple[StoredLayer, ...]
    digest: str

    @property
    def running(self) -> Mapping[str, Any]:
        """How it is run: Env, User, Cmd and so on."""
        found = self.config.get("config")
        return found if isinstance(found, dict) else {}


def is_image(path: Path) -> bool:
    """Whether a path is an image by its marks: an index of a layout, or a tar that holds one."""
    if path.is_dir():
        return (path / "oci-layout").is_file() and (path / "index.json").is_file()
    try:
        with path.open("rb") as stream:
            if stream.read(262)[257:] != b"ustar":
                return False
        names = Archive(path)
    except (OSError, ReadError, tarfile.TarError):
        return False
    return any(names.size(name) >= 0 for name in ("index.json", "manifest.json"))


def open_image(path: Path, machine: str = "") -> Stored:
    """The image at a path; ``machine`` is Go's name of the one wanted, of an image for several.

    Raises ReadError where it is damaged or hostile; layers are not looked into yet.
    """
    files: Files = Folder(path) if path.is_dir() else Archive(path)
    wanted = machine or _MACHINES.get(platform.machine(), "amd64")
    if files.size("index.json") >= 0:
        return _of_layout(files, wanted)
    return _of_docker(files)


def _of_layout(files: Files, machine: str) -> Stored:
    return of_manifest(
        files, _manifest(files, _object(read(files, "index.json", MAX_JSON)), machine)
    )


def of_manifest(files: Files, found: Descriptor) -> Stored:
    """The image of a manifest; raises ReadError where it is damaged or hostile."""
    manifest = _object(_blob(files, found))
    config = _object(_blob(files, descriptor(manifest.get("config"))))
    rows = [descriptor(row) for row in rows_of(manifest.get("layers"))]
    return _stored(files, config, rows, [_path(row.digest) for row in rows], found.digest)


def _manifest(files: Files, index: Mapping[str, Any], machine: str, depth: int = 0) -> Descriptor:
    """The manifest of an index for a machine; documents about images are none."""
    rows = [row for row in rows_of(index.get("manifests")) if _is_image_row(files, row)]
    fitting = [row for row in rows if _machine(row) in (machine, "")] or rows
    digests = {str(row.get("digest")) for row in fitting}
    if len(digests) != 1:
        what = "several images" if digests else "no image"
        raise ReadError(f"This layout holds {what}", "Name a layout or an archive of one image.")
    found = descriptor(fitting[0])
    if found.media_type in _INDEXES and depth < 2:  # noqa: PLR2004  (an index of indexes)
        return _manifest(files, _object(_blob(files, found)), machine, depth + 1)
    return found


def _is_image_row(files: Files, row: Mapping[str, Any]) -> bool:
    kind = row.get("mediaType", "")
    if kind in _INDEXES:
        return True
    if kind not in _MANIFESTS or row.get("artifactType") or _machine(row) == "unknown":
        return False
    manifest = _object(_blob(files, descriptor(row)))
    return "subject" not in manifest and not manifest.get("artifactType")


def _machine(row: Mapping[str, Any]) -> str:
    found = row.get("platform")
    return str(found.get("architecture", "")) if isinstance(found, dict) else ""


def _of_docker(files: Files) -> Stored:
    rows = _json(read(files, "manifest.json", MAX_JSON))
    images = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    if len(images) != 1:
        what = "several images" if images else "no image"
        raise ReadError(f"This archive holds {what}", "Save one image: docker save NAME.")
    data = read(files, str(images[0].get("Config")), MAX_JSON)
    names = [name for name in images[0].get("Layers") or () if isinstance(name, str)]
    layers = [Descriptor(LAYER, "", max(files.size(name), 0)) for name in names]
    return _stored(files, _object(data), layers, names, "")


def _stored(
    files: Files, config: Mapping[str, Any], rows: list[Descriptor], names: list[str], digest: str
) -> Stored:
    rootfs = config.get("rootfs")
    diff_ids = rootfs.get("diff_ids") if isinstance(rootfs, dict) else None
    known = [str(each) for each in diff_ids] if isinstance(diff_ids, list) else []
    if len(known) != len(rows) or len(rows) > MAX_LAYERS:
        raise ReadError("The config and the manifest of this image name different layers")
    if any(_FOREIGN in row.media_type for row in rows):
        raise ReadError("A layer of this image must be fetched from elsewhere")
    layers = (
        StoredLayer(row, diff_id, lambda name=name: files.pieces(name))  # type: ignore[misc]
        for row, diff_id, name in zip(rows, known, names, strict=True)
    )
    return Stored(config, tuple(layers), digest)


def descriptor(row: object) -> Descriptor:
    """What a row of a manifest or an index points to; raises ReadError for what is none."""
    found = row if isinstance(row, dict) else {}
    digest, size = found.get("digest"), found.get("size")
    if not isinstance(digest, str) or not DIGEST.fullmatch(digest):
        raise ReadError(f"A digest of this image is none: {str(digest)[:80]!r}")
    if not isinstance(size, int) or size < 0:
        raise ReadError(f"The size of {digest} is no number")
    kind = str(found.get("mediaType", ""))
    return Descriptor(f"{LAYER}+gzip" if kind == DOCKER_LAYER else kind, digest, size)


def _blob(files: Files, found: Descriptor) -> bytes:
    """A small blob, which must have its digest."""
    import hashlib

    data = read(files, _path(found.digest), MAX_JSON)
    if f"sha256:{hashlib.sha256(data).hexdigest()}" != found.digest:
        raise ReadError(f"The image is damaged: {found.digest} is another file than it says")
    return data


def _path(digest: str) -> str:
    return f"blobs/sha256/{digest.removeprefix('sha256:')}"


def rows_of(value: object) -> list[dict[str, Any]]:
    """The rows of a list, of which each is a mapping."""
    rows = value if isinstance(value, list) else []
    return [row for row in rows[:MAX_LAYERS] if isinstance(row, dict)]


def _json(data: bytes) -> object:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise ReadError("A description in this image is not JSON") from None


def _object(data: bytes) -> dict[str, Any]:
    found = _json(data)
    if not isinstance(found, dict):
        raise ReadError("A description in this image holds no mapping")
    return found
