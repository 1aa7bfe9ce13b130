"""Builds an image from a lock: base, environment, application; no daemon, no root."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import field
from datetime import UTC, datetime
from pathlib import Path

from conda_preflight.actions.building import Told
from conda_preflight.actions.chosen_lock import Chosen, this_platform
from conda_preflight.actions.image_base import CUT, Base, cut_of, cut_text, open_base
from conda_preflight.actions.image_environment import (
    Environment,
    Task,
    environment,
    lock_digest,
)
from conda_preflight.actions.rebuild import Wanted
from conda_preflight.errors import PreflightError, UsageError
from conda_preflight.oci import docker_archive, layout, manifest, referrers
from conda_preflight.oci.blobs import Blobs
from conda_preflight.oci.descriptor import Descriptor
from conda_preflight.oci.entries import Entry, below, whole
from conda_preflight.oci.layer import Layer, Packer
from conda_preflight.oci.stored import is_image
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import document_type
from conda_preflight.rebuilding import workplace

OCI, DOCKER = "oci", "docker"
_PREFIX = lazy_pattern(r"/[\w.-]{1,100}(?:/[\w.-]{1,100}){0,8}")
_NAME = lazy_pattern(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
_SKIPPED = frozenset((".git", "__pycache__", ".env", ".venv", ".dockerignore"))
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

    ``base`` is None for none; ``app`` is a folder that goes to the working directory;
    ``entrypoint`` and ``cmd`` are None where nothing was said.
    """

    output: Path
    form: str = OCI
    prefix: str = "/opt/env"
    compression: str = "zstd"
    base: Path | None = None
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


@document_type
class Made:
    """The image: its manifest, its layers, and sentences about what a person should know."""

    manifest: Descriptor
    layers: tuple[Layer, ...]
    notes: tuple[str, ...]

    @property
    def size(self) -> int:
        """Bytes of all layers as they are shipped."""
        return sum(layer.blob.size for layer in self.layers)


def build_image(chosen: Chosen, wishes: Wishes, wanted: Wanted, told: Told) -> Made:
    """Build and write an image; raises PreflightError where it cannot be made."""
    _refuse(chosen, wishes)
    try:
        with ThreadPoolExecutor(wanted.jobs) as pool:
            blobs = Blobs(wanted.cache.resolve() / "images")
            packer = Packer(blobs, wishes.compression, pool, wanted.jobs)
            return _built(chosen, wishes, wanted, packer, told)
    except OSError as error:
        raise PreflightError(f"The image cannot be made: {error}") from None


def _refuse(chosen: Chosen, wishes: Wishes) -> None:
    manifest.architecture(chosen.platform)
    if chosen.platform != this_platform() and any(p.name == "python" for p in chosen.packages):
        raise UsageError(
            f"An image for {chosen.platform} is built on such a machine",
            "The Python of the lock compiles its modules, so it must run here.",
        )
    if not _PREFIX.fullmatch(wishes.prefix) or ".." in wishes.prefix:
        raise UsageError(f"{wishes.prefix!r} is no folder of an image", "Such as /opt/env.")
    out = wishes.output
    taken = out.exists() and not is_image(out)
    if taken and not (out.is_dir() and not any(out.iterdir())):
        raise UsageError(f"{out} is there already and is no image", "Name a new one: --output.")
    if wishes.app is not None and not wishes.app.is_dir():
        raise UsageError(f"There is no folder {wishes.app}", "Name another: --app DIR.")
    if wishes.form == DOCKER and wishes.documents:
        raise UsageError("A docker archive holds no documents about it", "Use --format oci.")


def _built(chosen: Chosen, wishes: Wishes, wanted: Wanted, packer: Packer, told: Told) -> Made:
    base = open_base(wishes.base, chosen.platform, packer)
    limits = cut_of(wishes.previous, chosen.platform)
    env = environment(Task(chosen, wishes.prefix, wanted, packer, limits), told)
    layers = [*base.layers, *env.layers]
    if wishes.app is not None:
        layers.append(packer.pack("application", whole(_application(wishes.app, wishes.workdir))))
    told("Writing", 0, 0)
    run = _run(chosen, wishes, base, env)
    made = manifest.write(packer.blobs, layers, run, base.config, len(base.layers))
    with workplace.opened(_beside(wishes.output), f"{wishes.output.name}.partial-") as place:
        _write(made, layers, wishes, packer.blobs, place)
    return Made(made, tuple(layers), tuple(_notes(wishes, base, env)))


def _application(folder: Path, workdir: str) -> Iterator[Entry]:
    """The files of a service, without version control, caches and secrets of development."""
    where = workdir.strip("/")
    for entry in below(folder, where):
        inside = entry.path.removeprefix(where).strip("/").split("/")
        if _SKIPPED.isdisjoint(inside):
            yield entry


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
    if base.digest:
        labels["org.opencontainers.image.base.digest"] = base.digest
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
    )


def _created() -> str:
    """SOURCE_DATE_EPOCH where it is set, else 1970, so that no clock shows."""
    text = os.environ.get("SOURCE_DATE_EPOCH", "0") or "0"
    if not (text.isascii() and text.isdigit() and int(text[:20]) <= _LATEST):
        raise UsageError(f"SOURCE_DATE_EPOCH is a number of seconds, not {text[:40]!r}")
    return datetime.fromtimestamp(int(text), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _beside(output: Path) -> Path:
    return Path(os.path.abspath(output)).parent  # noqa: PTH100  (links stay as they are named)


def _write(
    made: Descriptor, layers: list[Layer], wishes: Wishes, blobs: Blobs, place: Path
) -> None:
    """Write the image beside its place, then rename it."""
    config = manifest.config_of(blobs, made)
    if wishes.form == DOCKER:
        docker_archive.Writer(blobs, place).write(wishes.output, config, layers, _tag(wishes))
        return
    whole_layout = place / "layout"
    own = Blobs(whole_layout / "blobs")
    for blob in (made, config, *(layer.blob for layer in layers)):
        own.copy(blob, blobs.chunks(blob))
    about = [
        referrers.attach(own, made, each.data, each.media_type, each.title)
        for each in wishes.documents
    ]
    layout.write(whole_layout, [layout.named(made, wishes.tag), *about])
    if wishes.output.suffix == ".tar":
        layout.archive(whole_layout, wishes.output)
        return
    if wishes.output.exists():
        shutil.rmtree(wishes.output)
    whole_layout.rename(wishes.output)


def _tag(wishes: Wishes) -> str:
    """Docker's tags have a name before them: that of the file where none was given."""
    name = wishes.output.name.split(".")[0].lower()
    named = ":" in wishes.tag or not _NAME.fullmatch(name)
    return wishes.tag if named else f"{name}:{wishes.tag}"


def _notes(wishes: Wishes, base: Base, env: Environment) -> Iterator[str]:
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
