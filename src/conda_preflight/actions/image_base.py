"""What an image is built on: another image, a root file system, or nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from conda_preflight.errors import ReadError, UsageError
from conda_preflight.image_marks import is_system
from conda_preflight.imaging.layers import Cut
from conda_preflight.oci.entries import whole
from conda_preflight.oci.inflating import Inflated, Pieces
from conda_preflight.oci.layer import Layer, Packer
from conda_preflight.oci.manifest import architecture
from conda_preflight.oci.rootfs import entries
from conda_preflight.oci.stored import Stored, StoredLayer, is_image, open_image
from conda_preflight.plain import document_type

CUT = "io.conda-preflight.cut"
_FORMS = "Name an image layout, a docker archive, the folder of a root file system, or none."


@document_type
class Base:
    """The lower layers of an image, their config, and the digest of its manifest or empty."""

    layers: tuple[Layer, ...] = ()
    config: Mapping[str, Any] = field(default_factory=dict)
    digest: str = ""


def open_base(path: Path | None, platform: str, packer: Packer) -> Base:
    """The base, its layers kept as they are; raises UsageError and ReadError."""
    if path is None:
        return Base()
    if not path.exists():
        raise UsageError(f"There is no {path}", _FORMS)
    if is_image(path):
        machine, _ = architecture(platform)
        image = open_image(path, machine)
        if image.config.get("architecture") not in (machine, None):
            raise UsageError(f"{path} is for {image.config.get('architecture')}, not {machine}")
        kept = [_kept(layer, n, packer) for n, layer in enumerate(image.layers)]
        return Base(tuple(kept), image.config, image.digest)
    if is_system(path):
        return Base((packer.pack("base", whole(entries(path))),))
    raise UsageError(f"{path} is neither an image nor a root file system", _FORMS)


def cut_of(path: Path | None, platform: str) -> Cut | None:
    """Where the layers of an earlier image were cut; raises UsageError where it does not say."""
    if path is None:
        return None
    image: Stored = open_image(path, architecture(platform)[0])
    try:
        row = json.loads(image.running["Labels"][CUT])
        parts = tuple((str(tier), max(int(number), 1)) for tier, number in row["parts"])
        return Cut(max(int(row["limit"]), 1), parts)
    except (ValueError, LookupError, TypeError, RecursionError):
        raise UsageError(
            f"{path} does not say where its layers were cut", "It was not built by `image build`."
        ) from None


def cut_text(cut: Cut) -> str:
    """The label by which a later image is cut the same way."""
    return json.dumps({"limit": cut.limit, "parts": cut.parts}, separators=(",", ":"))


def _kept(layer: StoredLayer, number: int, packer: Packer) -> Layer:
    """A layer with its digest compared; what is not compressed is packed."""
    title = f"base {number}"
    if not layer.blob.digest:
        plain = Inflated(Pieces(layer.pieces()))
        made = packer.pack_stream(title, iter(lambda: plain.read(1 << 20), b""))
        if made.diff_id != layer.diff_id:
            raise ReadError(f"The base is damaged: layer {number} is another than it says")
        return made
    packer.blobs.copy(layer.blob, layer.pieces())
    return Layer(title, layer.blob, layer.diff_id)
