"""The documents that a registry keeps about an image, by its referrers API or the tag in its place.

Source: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-referrers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from conda_preflight.engines.download import FetchError
from conda_preflight.errors import ReadError
from conda_preflight.oci.stored import descriptor, rows_of
from conda_preflight.registry.repository import Repository

_NOT_THERE = 404


def documents(
    repository: Repository, digest: str, kind: str, most: int, largest: int
) -> Iterator[bytes]:
    """The first ``most`` documents of a media type about a digest; raises FetchError, ReadError.

    A document of more than ``largest`` bytes is a ReadError.
    """
    listed = rows_of(_object(_listing(repository, digest)).get("manifests"))
    fitting = [row for row in listed if row.get("artifactType") == kind]
    for row in fitting[:most]:
        _, data = repository.manifest(descriptor(row).digest)
        manifest = _object(data)
        if descriptor(manifest.get("subject")).digest != digest:
            continue  # a list may name what is about something else
        for layer in rows_of(manifest.get("layers"))[:1]:
            blob = descriptor(layer)
            if blob.size > largest:
                raise ReadError(f"A document about {digest} is larger than {largest} bytes")
            yield b"".join(repository.pieces(blob))


def _listing(repository: Repository, digest: str) -> bytes:
    """The index of what refers to a digest; an empty one where there is none."""
    try:
        return repository.referrers(digest)
    except FetchError as error:
        if error.status != _NOT_THERE:
            raise
    try:
        return repository.manifest(digest.replace(":", "-"))[1]
    except FetchError as error:
        if error.status != _NOT_THERE:
            raise
    return b"{}"


def _object(data: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ReadError("The registry sends a list of documents that is none")
    return found
