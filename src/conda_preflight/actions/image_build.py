"""Builds an image from a lock: base, environment, application; no daemon, no root."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import field
from datetime import UTC, datetime
from pathlib import Path

from conda_preflight.actions import image_writing
from conda_preflight.actions.building import Told
from conda_preflight.actions.chosen_lock import Chosen, this_platform
from conda_preflight.actions.image_application import application
from conda_preflight.actions.image_base import CUT, Base, Network, cut_of, cut_text, open_base
from conda_preflight.actions.image_environment import (
    Environment,
    Task,
    environment,
    lock_digest,
)
from conda_preflight.actions.rebuild import Wanted
from conda_preflight.errors import PreflightError, UsageError
from conda_preflight.oci import cache_limits, manifest, referrers
from conda_preflight.oci.blobs import Blobs
from conda_preflight.oci.descriptor import Descriptor
from conda_preflight.oci.entries import whole
from conda_preflight.oci.layer import Layer, Packer
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import document_type
from conda_preflight.registry import pushing
from conda_preflight.registry.pushing import Pushed
from conda_preflight.registry.reference import Reference

_PREFIX = lazy_pattern(r"/[\w.-]{1,100}(?:/[\w.-]{1,100}){0,8}")
_BASE = "org.opencontainers.image.base"
LABEL = "io.conda-preflight"
_LATEST = 253_402_300_799  # the end of the year 9999


@document_type
class Document:
    """A document about the image: its bytes, media type and the name of its file."""

    data: bytes
    media_type: str
    title: str


@document_type
class Wishes:
    """What a person says about an image; ``output`` is a folder or a tar of the form.

    ``output`` is None where the image is only pushed, ``push`` where it is only written;
    ``base`` is a path or the name of an image in a registry, empty for none; ``app`` is a folder
    that goes to the working directory; ``entrypoint`` and ``cmd`` are None where nothing was said;
    ``fresh`` uses no layer that was made before, ``cache_limit`` is in bytes.
    """

    output: Path | None
    push: Reference | None = None
    plain_http: bool = False
    form: str = image_writing.OCI
    prefix: str = "/opt/env"
    compression: str = "zstd"
    base: str = ""
    app: Path | None = None
    previous: Path | None = None
    entrypoint: tuple[str, ...] | None = None
    cmd: tuple[str, ...] | None = None
    user: str = "65532:65532"
    env: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    workdir: str = "/app"
    tag: str = "latest"
    documents: tuple[Document, ...] = ()
    fresh: bool = False
    cache_limit: int = cache_limits.LIMIT


@document_type
class Made:
    """The image: its manifest, its layers, and sentences about what a person should know."""

    manifest: Descriptor
    layers: tuple[Layer, ...]
    notes: tuple[str, ...]
    pushed: Pushed | None = None

    @property
    def size(self) -> int:
        """Bytes of all layers as they are shipped."""
        return sum(layer.blob.size for layer in self.layers)


def build_image(chosen: Chosen, wishes: Wishes, wanted: Wanted, told: Told) -> Made:
    """Build and write an image; raises PreflightError where it cannot be made."""
    _refuse(chosen, wishes, offline=wanted.offline)
    try:
        blobs = Blobs(wanted.cache.resolve() / "images")
        with cache_limits.in_use(blobs.folder), ThreadPoolExecutor(wanted.jobs) as pool:
            packer = Packer(blobs, wishes.compression, pool, wanted.jobs, fresh=wishes.fresh)
            made = _built(chosen, wishes, wanted, packer, told)
            for layer in made.layers:
                cache_limits.touch(blobs.path(layer.blob.digest))
        cache_limits.trim(blobs.folder, wishes.cache_limit)
    except OSError as error:
        raise PreflightError(f"The image cannot be made: {error}") from None
    return made


def _refuse(chosen: Chosen, wishes: Wishes, *, offline: bool) -> None:
    manifest.architecture(chosen.platform)
    if chosen.platform != this_platform() and any(p.name == "python" for p in chosen.packages):
        raise UsageError(
            f"An image for {chosen.platform} is built on such a machine",
            "The Python of the lock compiles its modules, so it must run here.",
        )
    if not _PREFIX.fullmatch(wishes.prefix) or ".." in wishes.prefix:
        raise UsageError(f"{wishes.prefix!r} is no folder of an image", "Such as /opt/env.")
    _refuse_places(wishes, offline=offline)
    if wishes.app is not None and not wishes.app.is_dir():
        raise UsageError(f"There is no folder {wishes.app}", "Name another: --app DIR.")
    if wishes.form == image_writing.DOCKER and wishes.documents:
        raise UsageError("A docker archive holds no documents about it", "Use --format oci.")


def _refuse_places(wishes: Wishes, *, offline: bool) -> None:
    """Raises UsageError where the image cannot go to where it is wanted."""
    if wishes.output is None and wishes.push is None:
        raise UsageError("Nobody says where the image goes", "Name it: --output or --push.")
    if wishes.push is not None and wishes.push.digest:
        raise UsageError("An image is pushed to a tag, not to a digest", "Such as HOST/NAME:1.4.")
    if wishes.output is not None:
        image_writing.refuse_taken(wishes.output)
    if wishes.push is not None and offline:
        raise UsageError("Nothing can be pushed with --offline", "Write it: --output.")


def _built(chosen: Chosen, wishes: Wishes, wanted: Wanted, packer: Packer, told: Told) -> Made:
    push = wishes.push
    repository = pushing.opened(push, plain_http=wishes.plain_http) if push else None
    network = Network(told, wanted.offline, wishes.plain_http)
    base = open_base(wishes.base, chosen.platform, packer, network)
    limits = cut_of(wishes.previous, chosen.platform)
    env = environment(Task(chosen, wishes.prefix, wanted, packer, limits), told)
    layers = [*base.layers, *env.layers]
    if wishes.app is not None:
        layers.append(packer.pack("application", whole(application(wishes.app, wishes.workdir))))
    told("Writing", 0, 0)
    run = _run(chosen, wishes, base, env)
    made = manifest.write(packer.blobs, layers, run, base.config, len(base.layers))
    about = tuple(
        referrers.attach(packer.blobs, made, each.data, each.media_type, each.title)
        for each in wishes.documents
    )
    if wishes.output is not None:
        form = image_writing.Form(wishes.output, wishes.form, wishes.tag)
        image_writing.write(form, packer.blobs, layers, (made, about))
    pushed = None
    if push and repository:
        tag = push.tag or "latest"
        pushed = pushing.push(repository, tag, packer.blobs, (made, about), told)
    return Made(made, tuple(layers), tuple(_notes(wishes, base, env)), pushed)


def _run(chosen: Chosen, wishes: Wishes, base: Base, env: Environment) -> manifest.Run:
    lead = {
        "CONDA_PREFIX": wishes.prefix,
        "CONDA_DEFAULT_ENV": wishes.prefix,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONNOUSERSITE": "1",
        "PYTHONUNBUFFERED": "1",
    }
    if any(layer.title.startswith("cuda") for layer in env.layers):
        lead |= {"NVIDIA_VISIBLE_DEVICES": "all", "NVIDIA_DRIVER_CAPABILITIES": "compute,utility"}
    labels = {
        f"{LABEL}.lock": f"sha256:{lock_digest(chosen)}",
        f"{LABEL}.platform": chosen.platform,
        CUT: cut_text(env.cut),
    }
    annotations = {f"{_BASE}.digest": base.digest, f"{_BASE}.name": base.name}
    annotations = {name: value for name, value in annotations.items() if value}
    if base.digest:
        labels[f"{_BASE}.digest"] = base.digest
    return manifest.Run(
        platform=chosen.platform,
        path=(f"{wishes.prefix}/bin",),
        env={**lead, **env.env, **wishes.env},
        labels={**labels, **wishes.labels},
        entrypoint=wishes.entrypoint,
        cmd=wishes.cmd,
        user=wishes.user,
        workdir=wishes.workdir,
        created=_created(),
        annotations=annotations,
    )


def _created() -> str:
    """SOURCE_DATE_EPOCH where it is set, else 1970, so that no clock shows."""
    text = os.environ.get("SOURCE_DATE_EPOCH", "0") or "0"
    if not (text.isascii() and text.isdigit() and int(text[:20]) <= _LATEST):
        raise UsageError(f"SOURCE_DATE_EPOCH is a number of seconds, not {text[:40]!r}")
    return datetime.fromtimestamp(int(text), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _notes(wishes: Wishes, base: Base, env: Environment) -> Iterator[str]:
    if base.note:
        yield base.note
    if not base.layers:
        yield "The image has no base, so no C library: nothing in it can start"
    if env.scripts:
        names = ", ".join(env.scripts[:5])
        yield f"Activation scripts do more than set variables, which nobody runs there: {names}"
    if env.unfinished:
        names = ", ".join(env.unfinished[:5])
        yield f"Link scripts were not run: {names} (--allow-link-scripts lets them)"
    if wishes.user.split(":")[0] in ("0", "root"):
        yield "It runs as root"
