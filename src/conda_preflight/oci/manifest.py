"""The config and the manifest of an image: how its layers lie on each other, and how it runs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any

from conda_preflight.errors import UsageError
from conda_preflight.oci.blobs import Blobs
from conda_preflight.oci.descriptor import CONFIG, MANIFEST, Descriptor, canonical
from conda_preflight.oci.layer import Layer
from conda_preflight.plain import document_type

EPOCH = "1970-01-01T00:00:00Z"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_MACHINES = {
    "64": ("amd64", ""),
    "32": ("386", ""),
    "aarch64": ("arm64", ""),
    "armv7l": ("arm", "v7"),
    "ppc64le": ("ppc64le", ""),
    "s390x": ("s390x", ""),
    "riscv64": ("riscv64", ""),
}


@document_type
class Run:
    """How an image is run. ``path`` are folders that come first in PATH.

    ``created`` is an RFC 3339 time, ``entrypoint`` and ``cmd`` None to leave the base's;
    ``annotations`` stand in the manifest.
    """

    platform: str
    path: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    entrypoint: tuple[str, ...] | None = None
    cmd: tuple[str, ...] | None = None
    user: str = ""
    workdir: str = ""
    created: str = EPOCH
    annotations: Mapping[str, str] = field(default_factory=dict)


def architecture(platform: str) -> tuple[str, str]:
    """Go's name of a machine, which images use, and its variant; raises UsageError."""
    system, _, machine = platform.partition("-")
    if system != "linux" or machine not in _MACHINES:
        raise UsageError(f"Images are for linux, not {platform}", "Name one: --platform linux-64.")
    return _MACHINES[machine]


def write(
    blobs: Blobs, layers: Sequence[Layer], run: Run, base: Mapping[str, Any], number: int
) -> Descriptor:
    """Keep config and manifest; returns the manifest.

    ``base`` is the config of the base image, or empty; the first ``number`` layers are its.
    """
    config = blobs.put(canonical(_config(layers, run, base, number)), CONFIG)
    manifest: dict[str, Any] = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": config.row,
        "layers": [layer.blob.row for layer in layers],
    }
    if run.annotations:
        manifest["annotations"] = dict(run.annotations)
    return blobs.put(canonical(manifest), MANIFEST)


def config_of(blobs: Blobs, manifest: Descriptor) -> Descriptor:
    """The config that a manifest of ours names."""
    return blobs_of(blobs, manifest)[0]


def blobs_of(blobs: Blobs, manifest: Descriptor) -> list[Descriptor]:
    """The config and the layers that a manifest of ours names."""
    row = json.loads(b"".join(blobs.chunks(manifest)))
    rows = [row["config"], *row["layers"]]
    return [Descriptor(each["mediaType"], each["digest"], each["size"]) for each in rows]


def _config(
    layers: Sequence[Layer], run: Run, base: Mapping[str, Any], number: int
) -> dict[str, Any]:
    machine, variant = architecture(run.platform)
    own = layers[number:]
    history = [row for row in _list(base.get("history")) if isinstance(row, dict)]
    history += [_history(layer, run.created) for layer in own]
    whole = {
        "architecture": machine,
        "os": "linux",
        "created": run.created,
        "config": _running(run, _mapping(base.get("config"))),
        "rootfs": {"type": "layers", "diff_ids": [layer.diff_id for layer in layers]},
        "history": history,
    }
    return {**whole, "variant": variant} if variant else whole


def _history(layer: Layer, created: str) -> dict[str, str]:
    return {"created": created, "created_by": f"conda-preflight: {layer.title}"}


def _running(run: Run, base: Mapping[str, Any]) -> dict[str, Any]:
    """The base's way to run, with ours over it."""
    rows = [str(row).partition("=") for row in _list(base.get("Env"))]
    env = {name: value for name, _, value in rows} | dict(run.env)
    env["PATH"] = ":".join((*run.path, env.get("PATH") or PATH))
    merged = {
        **base,
        "Env": [f"{name}={value}" for name, value in sorted(env.items())],
        "Labels": dict(sorted({**_mapping(base.get("Labels")), **run.labels}.items())),
    }
    if run.entrypoint is not None:
        merged |= {"Entrypoint": list(run.entrypoint), "Cmd": None}
    if run.cmd is not None:
        merged["Cmd"] = list(run.cmd)
    merged |= {"User": run.user} if run.user else {}
    merged |= {"WorkingDir": run.workdir} if run.workdir else {}
    return {name: value for name, value in merged.items() if value not in (None, [], {}, "")}


def _mapping(value: object) -> dict[str, Any]:
    """What is written by others may be anything."""
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
