"""An image out of a registry into a store of blobs, each compared with its digest."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from conda_preflight.errors import ReadError, UsageError
from conda_preflight.oci.blobs import Blobs
from conda_preflight.oci.cache_limits import touch
from conda_preflight.oci.descriptor import DOCKER_INDEX, INDEX, Descriptor
from conda_preflight.oci.sources import Held
from conda_preflight.oci.stored import Stored, descriptor, of_manifest, rows_of
from conda_preflight.registry.reference import Reference
from conda_preflight.registry.repository import PULL, Repository, open_repository

Told = Callable[[str, int, int], None]
_INDEXES = (INDEX, DOCKER_INDEX)
_DEPTH = 3
_AT_ONCE = 4
_LARGEST = 64 * 1024**3
"""Bytes of one layer as it is shipped; more is no layer."""


def pull(
    reference: Reference, blobs: Blobs, machine: tuple[str, str], told: Told, *, plain_http: bool
) -> Stored:
    """The image of a machine (Go's name and variant), with all its blobs in the store.

    Raises FetchError, ReadError where something is not what its digest says, UsageError where
    it is for other machines alone.
    """
    repository = open_repository(reference, PULL, plain_http=plain_http)
    found = _manifest(repository, reference.wanted, blobs, machine)
    files = Held(blobs.folder)
    manifest = json.loads(b"".join(blobs.chunks(found)))
    config = descriptor(manifest.get("config"))
    layers = [descriptor(row) for row in rows_of(manifest.get("layers"))]
    _fetch(repository, blobs, [config, *layers], told)
    return of_manifest(files, found)


def held(reference: Reference, blobs: Blobs, machine: tuple[str, str]) -> Stored | None:
    """The image where its digest is named and all of it is here already; no network."""
    found = _here(reference.digest, blobs, machine) if reference.digest else None
    if found is None:
        return None
    try:
        image = of_manifest(Held(blobs.folder), found)
    except ReadError:
        return None
    if not all(blobs.has(layer.blob) for layer in image.layers):
        return None
    return image


def _here(digest: str, blobs: Blobs, machine: tuple[str, str]) -> Descriptor | None:
    """The manifest of a digest that is in the store, through indexes."""
    for _ in range(_DEPTH):
        try:
            data = blobs.path(digest).read_bytes()
            touch(blobs.path(digest))
            whole = json.loads(data)
            if not isinstance(whole.get("manifests"), list):
                return Descriptor("", digest, len(data))
            digest = _fitting(whole, machine).digest
        except (OSError, ValueError, AttributeError, ReadError, UsageError):
            return None
    return None


def _manifest(
    repository: Repository, wanted: str, blobs: Blobs, machine: tuple[str, str]
) -> Descriptor:
    """The manifest for a machine, kept with the indexes that lead to it."""
    for _ in range(_DEPTH):
        found, data = repository.manifest(wanted)
        whole = _mapping(data)
        blobs.put(data, found.media_type)
        if found.media_type not in _INDEXES and "manifests" not in whole:
            return found
        wanted = _fitting(whole, machine).digest
    raise ReadError("An index of this image leads to indexes without end")


def _fitting(index: Mapping[str, Any], machine: tuple[str, str]) -> Descriptor:
    """The image of an index for a machine; the variant decides where there are several."""
    rows = [row for row in rows_of(index.get("manifests")) if isinstance(row.get("platform"), dict)]
    named = [(row, row["platform"]) for row in rows]
    fitting = [
        (row, p)
        for row, p in named
        if p.get("os") == "linux" and p.get("architecture") == machine[0]
    ]
    exact = [row for row, p in fitting if p.get("variant", "") == machine[1]]
    if exact or fitting:
        return descriptor((exact or [row for row, _ in fitting])[0])
    found = sorted({f"{p.get('os')}/{p.get('architecture')}"[:40] for _, p in named})
    raise UsageError(
        f"This image is not for linux/{machine[0]}", f"It is for {', '.join(found[:20]) or 'none'}."
    )


def _fetch(repository: Repository, blobs: Blobs, wanted: list[Descriptor], told: Told) -> None:
    if any(blob.size > _LARGEST for blob in wanted):
        raise ReadError("A layer of this image is larger than any layer is")
    missing = list({blob.digest: blob for blob in wanted if not blobs.has(blob)}.values())
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        jobs = [pool.submit(_take, repository, blobs, blob) for blob in missing]
        for number, job in enumerate(jobs):
            told("Pulling the base", number, len(jobs))
            try:
                job.result()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise


def _take(repository: Repository, blobs: Blobs, blob: Descriptor) -> None:
    blobs.copy(blob, repository.pieces(blob))


def _mapping(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ReadError("The registry sends a manifest that is none")
    return found
