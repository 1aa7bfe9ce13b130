"""Where a built image goes on this machine: a layout, its tar, or a docker archive."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from conda_preflight.errors import UsageError
from conda_preflight.oci import docker_archive, layout, manifest
from conda_preflight.oci.blobs import Blobs
from conda_preflight.oci.descriptor import Descriptor
from conda_preflight.oci.layer import Layer
from conda_preflight.oci.stored import is_image
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import document_type
from conda_preflight.rebuilding import workplace

OCI, DOCKER = "oci", "docker"
_NAME = lazy_pattern(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")


@document_type
class Form:
    """A folder or a file that ends in ``.tar``, of which kind, and how the image is called."""

    output: Path
    kind: str
    tag: str


def refuse_taken(output: Path) -> None:
    """Raises UsageError where something stands that is no image."""
    taken = output.exists() and not is_image(output)
    if taken and not (output.is_dir() and not any(output.iterdir())):
        raise UsageError(f"{output} is there already and is no image", "Name a new one: --output.")


def write(
    form: Form,
    blobs: Blobs,
    layers: Sequence[Layer],
    images: tuple[Descriptor, tuple[Descriptor, ...]],
) -> None:
    """Write an image and the documents about it beside their place, then rename it."""
    beside = Path(os.path.abspath(form.output)).parent  # noqa: PTH100  (links stay as named)
    with workplace.opened(beside, f"{form.output.name}.partial-") as place:
        if form.kind == DOCKER:
            config = manifest.config_of(blobs, images[0])
            docker_archive.Writer(blobs, place).write(form.output, config, layers, _tag(form))
            return
        _layout(form, blobs, images, place / "layout")


def _layout(
    form: Form,
    blobs: Blobs,
    images: tuple[Descriptor, tuple[Descriptor, ...]],
    folder: Path,
) -> None:
    made, about = images
    own = Blobs(folder / "blobs")
    for each in (made, *about):
        for blob in (each, *manifest.blobs_of(blobs, each)):
            own.copy(blob, blobs.chunks(blob))
    layout.write(folder, [layout.named(made, form.tag), *about])
    if form.output.suffix == ".tar":
        layout.archive(folder, form.output)
        return
    if form.output.exists():
        shutil.rmtree(form.output)
    folder.rename(form.output)


def _tag(form: Form) -> str:
    """Docker's tags have a name before them: that of the file where none was given."""
    name = form.output.name.split(".")[0].lower()
    named = ":" in form.tag or not _NAME.fullmatch(name)
    return form.tag if named else f"{name}:{form.tag}"
