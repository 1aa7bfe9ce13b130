"""Where the signed verdicts about an image are: a folder, or the registry that holds the image."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from conda_preflight.attesting.strict_json import MAX_BYTES
from conda_preflight.errors import ReadError
from conda_preflight.registry.reference import Reference

MAX_ENVELOPES = 32
_MAX_NAMES = 100_000


def in_folder(folder: Path, digest: str) -> Iterator[bytes]:
    """The files ``DIGEST.dsse.json`` and ``DIGEST.ANYTHING.dsse.json``, by 64 digits.

    Links are followed, since the files of a mounted ConfigMap are links. Raises ReadError where
    the folder cannot be read: no answer is not the same as no verdict.
    """
    try:
        with os.scandir(folder) as entries:
            names = [e.name for e, _ in zip(entries, range(_MAX_NAMES), strict=False)]
    except OSError as error:
        raise ReadError(f"The folder of verdicts cannot be read: {error.strerror}") from None
    fitting = [n for n in names if n.startswith(f"{digest}.") and n.endswith(".dsse.json")]
    for name in sorted(fitting)[:MAX_ENVELOPES]:
        yield _bytes(folder / name)


def in_registry(reference: Reference) -> Iterator[bytes]:
    """The envelopes that the registry of an image keeps beside it; raises PreflightError."""
    from conda_preflight.registry.referring import documents
    from conda_preflight.registry.repository import PULL, open_repository

    repository = open_repository(reference, PULL)
    yield from documents(repository, reference.digest, MEDIA_TYPE, MAX_ENVELOPES, MAX_BYTES)


MEDIA_TYPE = "application/vnd.dsse.envelope.v1+json"
"""What ``image build --attach`` calls an envelope. Source: DSSE, envelope.md."""


def _bytes(file: Path) -> bytes:
    try:
        if not file.is_file():
            raise ReadError(f"{file.name} is no file")
        with file.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)  # the reader refuses what is longer
    except OSError as error:
        raise ReadError(f"{file.name} cannot be read: {error.strerror}") from None
