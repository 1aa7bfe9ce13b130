"""Documents about an image, such as its bill of materials, kept beside it and pointing at it.

Source: https://github.com/opencontainers/image-spec/blob/main/manifest.md, "subject"; a registry
lists them by its referrers API.
"""

from __future__ import annotations

from conda_preflight.oci.blobs import Blobs
from conda_preflight.oci.descriptor import EMPTY, MANIFEST, Descriptor, canonical

TITLE = "org.opencontainers.image.title"


def attach(
    blobs: Blobs, subject: Descriptor, data: bytes, media_type: str, title: str
) -> Descriptor:
    """Keep a document about an image and the manifest that says so; returns that manifest."""
    document = blobs.put(data, media_type)
    empty = blobs.put(b"{}", EMPTY)
    about = Descriptor(subject.media_type, subject.digest, subject.size)
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "artifactType": media_type,
        "config": empty.row,
        "layers": [{**document.row, "annotations": {TITLE: title}}],
        "subject": about.row,
    }
    return blobs.put(canonical(manifest), MANIFEST)
