"""Image layouts: a folder of blobs with an index, or the same in one tar.

Source: https://github.com/opencontainers/image-spec/blob/main/image-layout.md.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from conda_preflight.oci.blobs import Blobs
from conda_preflight.oci.descriptor import INDEX, REF_NAME, Descriptor, canonical
from conda_preflight.oci.entries import Entry, below, whole
from conda_preflight.oci.tar_stream import tar

MARK = b'{"imageLayoutVersion":"1.0.0"}'


def write(folder: Path, manifests: Iterable[Descriptor]) -> None:
    """Make a folder, whose blobs are below ``blobs``, an image layout of these manifests."""
    rows = [manifest.row for manifest in manifests]
    index = canonical({"schemaVersion": 2, "mediaType": INDEX, "manifests": rows})
    blobs = Blobs(folder / "blobs")
    blobs.write(folder / "index.json", index)
    blobs.write(folder / "oci-layout", MARK)


def named(manifest: Descriptor, tag: str) -> Descriptor:
    """A manifest as the index of a layout names it."""
    annotations = {REF_NAME: tag} if tag else {}
    return Descriptor(manifest.media_type, manifest.digest, manifest.size, annotations)


def archive(folder: Path, file: Path) -> None:
    """Write a layout as one tar, whole or not at all; the same layout gives the same bytes."""
    entries = whole(Entry(*e) for e in below(folder, "") if e.kind == "file")
    draft = file.with_name(f".{file.name}.partial")
    try:
        with draft.open("wb") as stream:
            stream.writelines(tar(entries))
        os.replace(draft, file)  # noqa: PTH105
    finally:
        draft.unlink(missing_ok=True)
