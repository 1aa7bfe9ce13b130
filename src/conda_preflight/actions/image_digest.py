"""The digest of an image that somebody named: a layout, its tar, or NAME@sha256:..."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from conda_preflight.attesting.statement import Subject, is_digest
from conda_preflight.errors import UsageError
from conda_preflight.oci.stored import is_image, open_image
from conda_preflight.plain import document_type

_MARK = "sha256:"


@document_type
class NamedImage:
    """An image as a subject, with the labels that it has, where it lies here."""

    subject: Subject
    labels: Mapping[str, str]


def named_image(text: str) -> NamedImage:
    """The image; raises UsageError where there is none or it has no digest."""
    path = Path(text)
    if path.exists():
        return _here(path)
    name, _, digest = text.partition("@")
    if not name or not is_digest(digest.removeprefix(_MARK)) or not digest.startswith(_MARK):
        raise UsageError(
            f"{text} is neither an image here nor NAME@sha256:DIGEST",
            "A name without a digest can mean another image tomorrow.",
        )
    return NamedImage(Subject(name, digest.removeprefix(_MARK)), {})


def _here(path: Path) -> NamedImage:
    if not is_image(path):
        raise UsageError(f"{path} is no image", "Name an OCI layout, its tar, or NAME@sha256:....")
    image = open_image(path)
    if not image.digest:
        hint = "Push it and name what the registry says: NAME@sha256:DIGEST."
        raise UsageError(f"{path} is a docker archive, which has no digest of its own", hint)
    found = image.running.get("Labels")
    labels = {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}
    return NamedImage(Subject(path.resolve().name, image.digest.removeprefix(_MARK)), labels)
