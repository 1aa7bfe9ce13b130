"""Images for tests: layouts and docker archives of any layers, honest or hostile."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
import tarfile
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path

from conda_preflight.oci.descriptor import CONFIG, INDEX, LAYER, MANIFEST


def member(name: str, content: bytes = b"", **fields: object) -> tuple[tarfile.TarInfo, bytes]:
    """One member of a layer; fields are those of a TarInfo."""
    info = tarfile.TarInfo(name)
    info.size = len(content)
    for key, value in fields.items():
        setattr(info, key, value)
    return info, content


def link(name: str, target: str) -> tuple[tarfile.TarInfo, bytes]:
    return member(name, type=tarfile.SYMTYPE, linkname=target)


def folder(name: str) -> tuple[tarfile.TarInfo, bytes]:
    return member(name, type=tarfile.DIRTYPE, mode=0o755)


def layer(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    """The tar of a layer."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as opened:
        for info, content in members:
            opened.addfile(info, io.BytesIO(content) if content else None)
    return stream.getvalue()


def digest(data: bytes) -> str:
    return f"sha256:{sha256(data).hexdigest()}"


def layout(
    place: Path, layers: Sequence[bytes], *, packed: Sequence[bytes] = (), **config: object
) -> Path:
    """An image layout of layers; ``packed`` are their blobs where they are not just gzip."""
    blobs = place / "blobs" / "sha256"
    blobs.mkdir(parents=True)

    def put(data: bytes, kind: str) -> dict[str, object]:
        (blobs / digest(data)[7:]).write_bytes(data)
        return {"mediaType": kind, "digest": digest(data), "size": len(data)}

    rows = [put(blob, f"{LAYER}+gzip") for blob in packed or map(gzip.compress, layers)]
    whole = {"architecture": "amd64", "os": "linux", "config": {}, **config}
    whole["rootfs"] = {"type": "layers", "diff_ids": [digest(each) for each in layers]}
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": put(json.dumps(whole).encode(), CONFIG),
        "layers": rows,
    }
    index = {"schemaVersion": 2, "mediaType": INDEX}
    index["manifests"] = [put(json.dumps(manifest).encode(), MANIFEST)]
    (place / "index.json").write_text(json.dumps(index))
    (place / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
    return place


def docker_archive(file: Path, layers: Sequence[bytes]) -> Path:
    """What docker save wrote for years: a folder for each layer, the same one as a link."""
    config = {"architecture": "amd64", "os": "linux", "config": {}}
    config["rootfs"] = {"type": "layers", "diff_ids": [digest(each) for each in layers]}
    members, names, known = [], [], {}
    for number, each in enumerate(layers):
        name = f"{number:064x}/layer.tar"
        names.append(name)
        if each in known:
            members.append(link(name, f"../{known[each]}"))
        else:
            members.append(member(name, each))
        known[each] = name
    row = [{"Config": "c.json", "RepoTags": ["a:b"], "Layers": names}]
    members += [member("c.json", json.dumps(config).encode())]
    members += [member("manifest.json", json.dumps(row).encode())]
    file.write_bytes(layer(*members))
    return file


def environment(
    prefix: str, files: dict[str, bytes], name: str = "greet"
) -> Iterable[tuple[tarfile.TarInfo, bytes]]:
    """The members of an environment of one package."""
    paths = [
        {"_path": path, "path_type": "hardlink", "sha256": sha256(data).hexdigest(),
         "size_in_bytes": len(data)}
        for path, data in files.items()
    ]  # fmt: skip
    record = {
        "name": name, "version": "1.0", "build": "0", "build_number": 0, "subdir": "linux-64",
        "files": list(files), "paths_data": {"paths_version": 1, "paths": paths},
        "depends": [],
    }  # fmt: skip
    yield member(f"{prefix}/conda-meta/{name}-1.0-0.json", json.dumps(record).encode())
    yield member(f"{prefix}/conda-meta/history", b"")
    for path, data in files.items():
        yield member(f"{prefix}/{path}", data)


def preflight(*words: object, **options: object) -> subprocess.CompletedProcess[str]:
    """How a command ends."""
    command = [sys.executable, "-m", "conda_preflight", *map(str, words)]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=300, **options
    )
