"""A docker archive, as ``docker load`` takes it.

Source: https://github.com/moby/docker-image-spec/blob/main/spec.md.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from conda_preflight.errors import PreflightError
from conda_preflight.oci.blobs import Blobs
from conda_preflight.oci.descriptor import Descriptor, canonical
from conda_preflight.oci.entries import FILE, Entry, of_text
from conda_preflight.oci.inflating import Inflated, Pieces
from conda_preflight.oci.layer import Layer
from conda_preflight.oci.tar_stream import tar
from conda_preflight.plain import document_type


@document_type
class Writer:
    """Takes layers from blobs, and unpacks them in ``scratch``, beside the archive, on the way."""

    blobs: Blobs
    scratch: Path

    def write(self, file: Path, config: Descriptor, layers: Sequence[Layer], tag: str) -> None:
        """Write an image whole or not at all; raises PreflightError where a blob is damaged."""
        name = f"{config.digest.removeprefix('sha256:')}.json"
        plain = {layer.diff_id: self._plain(layer) for layer in layers}
        row = {
            "Config": name,
            "RepoTags": [tag] if tag else None,
            "Layers": [plain[layer.diff_id].path for layer in layers],
        }
        texts = [of_text("manifest.json", canonical([row]))]
        texts.append(of_text(name, b"".join(self.blobs.chunks(config))))
        draft = self.scratch / "archive.tar"
        with draft.open("wb") as stream:
            stream.writelines(tar([*texts, *plain.values()]))
        os.replace(draft, file)  # noqa: PTH105

    def _plain(self, layer: Layer) -> Entry:
        """The tar of a layer as a file."""
        name = f"{layer.diff_id.removeprefix('sha256:')}.tar"
        file = self.scratch / name
        plain = Inflated(Pieces(iter(self.blobs.chunks(layer.blob))))
        with file.open("wb") as stream:
            shutil.copyfileobj(plain, stream, 1 << 20)
        if plain.diff_id != layer.diff_id:
            raise PreflightError(f"The layer {layer.title} is damaged", "Delete the cache.")
        return Entry(name, FILE, 0o644, file.stat().st_size, str(file))
