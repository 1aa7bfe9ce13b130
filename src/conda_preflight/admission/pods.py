"""The pods that an object of a cluster describes, and the images that they run.

Source: the API reference of Kubernetes (PodSpec, Container, EphemeralContainer, ImageVolumeSource).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from conda_preflight.errors import ReadError
from conda_preflight.plain import value_type

MAX_IMAGES = 500
_LISTS = (
    ("initContainers", "The init container"),
    ("containers", "The container"),
    ("ephemeralContainers", "The ephemeral container"),
)
_PLACES = {
    "Pod": ("spec",),
    "PodTemplate": ("template", "spec"),
    "ReplicationController": ("spec", "template", "spec"),
    "Deployment": ("spec", "template", "spec"),
    "ReplicaSet": ("spec", "template", "spec"),
    "StatefulSet": ("spec", "template", "spec"),
    "DaemonSet": ("spec", "template", "spec"),
    "Job": ("spec", "template", "spec"),
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
}
KINDS = tuple(_PLACES)
"""The kinds of which the pods are known; other kinds make pods that are asked about themselves."""


@value_type
class Used:
    """An image with what uses it, such as ``The init container load``; the image may be empty."""

    user: str
    image: str


def pod_of(thing: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The PodSpec of an object, None for a kind without one; raises ReadError."""
    kind = thing.get("kind")
    if not isinstance(kind, str) or kind not in _PLACES:
        return None
    here: object = thing
    for key in _PLACES[kind]:
        here = here.get(key) if isinstance(here, dict) else None
    if kind == "ReplicationController" and here is None:
        return {}  # its template may be left out: it runs nothing
    if not isinstance(here, dict):
        raise ReadError(f"The {kind} has no {'.'.join(_PLACES[kind])}")
    return here


def images(pod: Mapping[str, Any]) -> tuple[Used, ...]:
    """Every image of a pod: init, ordinary and ephemeral containers, and volumes made of images.

    Raises ReadError for lists that are none, and for more than MAX_IMAGES.
    """
    found = [*_of_containers(pod), *_of_volumes(pod)]
    if len(found) > MAX_IMAGES:
        raise ReadError(f"The pod has more than {MAX_IMAGES} images")
    return tuple(found)


def _of_containers(pod: Mapping[str, Any]) -> Iterator[Used]:
    for key, what in _LISTS:
        for each in rows(pod, key):
            yield Used(f"{what} {_text(each, 'name')}".rstrip(), _text(each, "image"))


def _of_volumes(pod: Mapping[str, Any]) -> Iterator[Used]:
    for each in rows(pod, "volumes"):
        image = each.get("image")
        if isinstance(image, dict):
            yield Used(f"The volume {_text(each, 'name')}".rstrip(), _text(image, "reference"))


def rows(table: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """The objects of a list, which may be left out; raises ReadError for anything else."""
    found = table.get(key)
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise ReadError(f"{key} is no list of objects")
    return found


def _text(table: Mapping[str, Any], key: str) -> str:
    found = table.get(key)
    return found if isinstance(found, str) else ""
