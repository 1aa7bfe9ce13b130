"""An image into a registry: blobs first, its manifest last, then the documents about it.

A registry that knows no referrers gets the index that the specification puts in their place:
https://github.com/opencontainers/distribution-spec/blob/main/spec.md#referrers-tag-schema
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from conda_preflight.engines.download import FetchError
from conda_preflight.errors import ReadError
from conda_preflight.oci.blobs import Blobs
from conda_preflight.oci.descriptor import INDEX, Descriptor, canonical, digest_of
from conda_preflight.oci.manifest import blobs_of
from conda_preflight.oci.stored import rows_of
from conda_preflight.plain import value_type
from conda_preflight.registry.reference import Reference
from conda_preflight.registry.repository import PUSH, Repository, open_repository
from conda_preflight.registry.upload import send

Told = Callable[[str, int, int], None]
_AT_ONCE = 4


@value_type
class Pushed:
    """What went: blobs and bytes that had to be sent, of how many blobs."""

    sent: int
    bytes: int
    blobs: int


def opened(reference: Reference, *, plain_http: bool) -> Repository:
    """Where images are pushed to, once it has said that it knows us; raises FetchError."""
    repository = open_repository(reference, PUSH, plain_http=plain_http)
    repository.ready()
    return repository


def push(
    repository: Repository,
    tag: str,
    blobs: Blobs,
    images: tuple[Descriptor, tuple[Descriptor, ...]],
    told: Told,
) -> Pushed:
    """Push an image by a tag and the documents about it; raises PreflightError."""
    made, about = images
    wanted = {b.digest: b for each in (made, *about) for b in blobs_of(blobs, each)}
    sent = _sent(repository, blobs, wanted.values(), told)
    repository.put_manifest(tag, made, _bytes(blobs, made))
    for each in about:
        data = _bytes(blobs, each)
        if repository.put_manifest(each.digest, each, data) != made.digest:
            _listed(repository, made, each, json.loads(data))
    return Pushed(len(sent), sum(blob.size for blob in sent), len(wanted))


def _bytes(blobs: Blobs, blob: Descriptor) -> bytes:
    return b"".join(blobs.chunks(blob))


def _sent(
    repository: Repository, blobs: Blobs, wanted: Iterable[Descriptor], told: Told
) -> list[Descriptor]:
    todo = list(wanted)
    found = []
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        jobs = [pool.submit(send, repository, blobs, blob) for blob in todo]
        for number, (blob, job) in enumerate(zip(todo, jobs, strict=True)):
            told("Pushing", number, len(jobs))
            try:
                found += [blob] if job.result() else []
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    return found


def _listed(
    repository: Repository, subject: Descriptor, about: Descriptor, row: dict[str, Any]
) -> None:
    """Put a document into the index of its subject, beside those that are there."""
    tag = subject.digest.replace(":", "-")
    kept = [each for each in _listing(repository, tag) if each.get("digest") != about.digest]
    entry = {**about.row, "artifactType": row["artifactType"]}
    index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": [*kept, entry]}
    data = canonical(index)
    repository.put_manifest(tag, Descriptor(INDEX, digest_of(data), len(data)), data)


def _listing(repository: Repository, tag: str) -> list[dict[str, Any]]:
    try:
        _, data = repository.manifest(tag)
        found = json.loads(data)
    except FetchError as error:
        if error.status != 404:  # noqa: PLR2004
            raise
        return []
    except (ValueError, RecursionError):
        raise ReadError(f"The tag {tag} of this registry is no index") from None
    return rows_of(found.get("manifests")) if isinstance(found, dict) else []
