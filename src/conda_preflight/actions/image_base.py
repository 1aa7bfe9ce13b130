"""What an image is built on: another image, here or in a registry, a root file system, nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import Any

from conda_preflight.actions.building import Told
from conda_preflight.errors import ReadError, UsageError
from conda_preflight.grammar.url import redact
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
_FORMS = (
    "Name an image layout, a docker archive, the folder of a root file system, an image in a"
    " registry (HOST/NAME@sha256:...), or none."
)


@document_type
class Base:
    """The lower layers of an image, their config, and the digest of its manifest or empty.

    ``name`` is that of a base in a registry, ``note`` what a person should know of it.
    """

    layers: tuple[Layer, ...] = ()
    config: Mapping[str, Any] = field(default_factory=dict)
    digest: str = ""
    name: str = ""
    note: str = ""


@document_type
class Network:
    """Whether a registry may be asked, whether without encryption, and whom to tell."""

    told: Told
    offline: bool = False
    plain_http: bool = False


def open_base(named: str, platform: str, packer: Packer, network: Network) -> Base:
    """The base, its layers kept as they are; raises PreflightError.

    ``named`` is empty for none. What lies here comes before what a registry has.
    """
    if not named:
        return Base()
    if Path(named).exists():
        return _of_path(Path(named), platform, packer)
    from conda_preflight.registry.reference import is_reference

    if not is_reference(named):
        raise UsageError(f"There is no {redact(f'//{named}')[2:]}", _FORMS)
    return _of_registry(named, platform, packer, network)


def _of_registry(named: str, platform: str, packer: Packer, network: Network) -> Base:
    from conda_preflight.registry.pulling import held, pull
    from conda_preflight.registry.reference import read_reference

    reference, machine = read_reference(named), architecture(platform)
    image = held(reference, packer.blobs, machine)
    if image is None and network.offline:
        raise UsageError(
            f"{reference.text} is in a registry, and --offline forbids to ask it",
            "Pull it once, by its digest.",
        )
    if image is None:
        image = pull(reference, packer.blobs, machine, network.told, plain_http=network.plain_http)
    base = _of_image(image, reference.text, machine[0], packer)
    note = ""
    if not reference.digest:
        note = (
            f"The base {reference.text} is named by a tag, which may be another image tomorrow:"
            f" today it is @{image.digest}"
        )
    return replace(base, name=reference.text, note=note)


def _of_path(path: Path, platform: str, packer: Packer) -> Base:
    if is_image(path):
        machine, _ = architecture(platform)
        image = open_image(path, machine)
        return _of_image(image, str(path), machine, packer)
    if is_system(path):
        return Base((packer.pack("base", whole(entries(path))),))
    raise UsageError(f"{path} is neither an image nor a root file system", _FORMS)


def _of_image(image: Stored, name: str, machine: str, packer: Packer) -> Base:
    if image.config.get("architecture") not in (machine, None):
        raise UsageError(f"{name} is for {image.config.get('architecture')}, not {machine}")
    kept = [_kept(layer, n, packer) for n, layer in enumerate(image.layers)]
    return Base(tuple(kept), image.config, image.digest)


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
