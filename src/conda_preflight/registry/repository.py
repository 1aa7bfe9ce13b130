"""One name in a registry: its manifests and blobs, asked for and compared with their digests."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from conda_preflight.engines.advisory_web import place, told
from conda_preflight.engines.download import FetchError
from conda_preflight.errors import ReadError
from conda_preflight.oci.descriptor import (
    DOCKER_INDEX,
    DOCKER_MANIFEST,
    INDEX,
    MANIFEST,
    Descriptor,
    digest_of,
)
from conda_preflight.registry.asking import TRIES, Ask, PassingError, of_bytes
from conda_preflight.registry.authority import Authority
from conda_preflight.registry.login import login_for
from conda_preflight.registry.reference import Reference
from conda_preflight.registry.session import Session

if TYPE_CHECKING:
    from http.client import HTTPResponse

MAX_MANIFEST = 4 * 1024**2
"""Source: the distribution specification lets a registry refuse what is larger."""

PULL, PUSH = "pull", "pull,push"
_PIECE = 1 << 20
_ACCEPTED = ", ".join((MANIFEST, INDEX, DOCKER_MANIFEST, DOCKER_INDEX))


class Repository:
    """The images of one name. ``pause`` is the first wait before something is tried again."""

    def __init__(self, session: Session, name: str, *, pause: float = 0.5) -> None:
        self.session, self.pause = session, pause
        self._root = f"{session.root}/v2/{name}"

    def ready(self) -> None:
        """Raises FetchError where the registry cannot be reached or does not know us."""
        with self.session.answer(Ask("GET", f"{self.session.root}/v2/", (200,), {})):
            pass

    def manifest(self, wanted: str) -> tuple[Descriptor, bytes]:
        """A manifest or an index by tag or digest; raises FetchError, ReadError."""
        url = f"{self._root}/manifests/{wanted}"
        for left in reversed(range(TRIES)):
            try:
                with self.session.answer(Ask("GET", url, (200,), {"Accept": _ACCEPTED})) as found:
                    data = b"".join(_pieces(found, url, MAX_MANIFEST))
                    kind = (found.headers.get("Content-Type") or "").partition(";")[0].strip()
                break
            except PassingError:
                if not left:
                    raise
        digest = digest_of(data)
        if wanted.startswith("sha256:") and wanted != digest:
            raise ReadError(
                f"{place(url)} is another file than its digest says", "Do not use this registry."
            )
        return Descriptor(kind, digest, len(data)), data

    def referrers(self, digest: str) -> bytes:
        """The index of what refers to a digest; raises FetchError, of status 404 for no API."""
        ask = Ask("GET", f"{self._root}/referrers/{digest}", (200,), {"Accept": INDEX})
        for left in reversed(range(TRIES)):
            try:
                with self.session.answer(ask) as found:
                    return b"".join(_pieces(found, ask.url, MAX_MANIFEST))
            except PassingError:
                if not left:
                    raise
        raise AssertionError

    def put_manifest(self, wanted: str, made: Descriptor, data: bytes) -> str:
        """Name a manifest by a tag or its digest; returns the subject that was understood."""
        url = f"{self._root}/manifests/{wanted}"
        kind = {"Content-Type": made.media_type}
        with self.session.answer(Ask("PUT", url, (200, 201), kind, of_bytes(data))) as found:
            stored = found.headers.get("Docker-Content-Digest") or made.digest
            subject = found.headers.get("OCI-Subject") or ""
        if stored != made.digest:
            raise FetchError(f"{place(url)} was stored as {stored[:80]}, which is another", "", 201)
        return subject

    def has(self, blob: Descriptor) -> bool:
        """Whether a blob is there already; raises FetchError where nobody can say."""
        with self.session.answer(Ask("HEAD", self.blob_url(blob.digest), (200, 404), {})) as found:
            return found.status == 200  # noqa: PLR2004

    def pieces(self, blob: Descriptor) -> Iterator[bytes]:
        """The bytes of a blob, taken up where they were cut; raises FetchError, ReadError."""
        url, size, left = self.blob_url(blob.digest), 0, TRIES
        digest = hashlib.sha256()
        while size < blob.size:
            try:
                for piece in self._rest(url, size, blob.size):
                    size += len(piece)
                    digest.update(piece)
                    yield piece
            except PassingError:
                left -= 1
                if not left:
                    raise
        if f"sha256:{digest.hexdigest()}" != blob.digest:
            raise ReadError(
                f"{place(url)} is another file than its digest says", "Do not use this registry."
            )

    def _rest(self, url: str, begun: int, size: int) -> Iterator[bytes]:
        asked = {"Range": f"bytes={begun}-"} if begun else {}
        with self.session.answer(Ask("GET", url, (200, 206), asked)) as found:
            skipped = begun if found.status == 200 else 0  # noqa: PLR2004
            told_of = found.headers.get("Content-Range") or ""
            if begun and not skipped and not told_of.startswith(f"bytes {begun}-"):
                raise FetchError(f"{place(url)} sends another part than was asked for", "", 206)
            for piece in _pieces(found, url, size - begun + skipped, size - begun + skipped):
                rest = piece[skipped:]
                skipped = max(skipped - len(piece), 0)
                if rest:
                    yield rest

    def blob_url(self, digest: str) -> str:
        """Where a blob is."""
        return f"{self._root}/blobs/{digest}"


def open_repository(
    reference: Reference, scope: str, *, plain_http: bool = False, pause: float = 0.5
) -> Repository:
    """The repository of a reference; unencrypted on this machine, or where a person said so."""
    scheme = "http" if plain_http or reference.is_loopback else "https"
    authority = Authority(
        reference.host,
        f"repository:{reference.name}:{scope}",
        lambda: login_for(reference.host, os.environ, Path.home()),
        is_open=plain_http,
    )
    session = Session(f"{scheme}://{reference.server}", authority, pause=pause)
    return Repository(session, reference.name, pause=pause)


def _pieces(found: HTTPResponse, url: str, limit: int, expected: int = -1) -> Iterator[bytes]:
    """The bytes of an answer; raises PassingError where it is cut, FetchError if too long."""
    from http.client import HTTPException

    size = 0
    length = found.headers.get("Content-Length") or ""
    expected = int(length) if expected < 0 and length.isdigit() else expected
    try:
        while piece := found.read1(_PIECE):
            size += len(piece)
            if size > limit:
                raise FetchError(f"{place(url)} sends more than {limit} bytes", "", 200)
            yield piece
    except (OSError, HTTPException) as error:
        fault = told(url, error)
        raise PassingError(fault.message, fault.hint) from None
    if size < expected:
        raise PassingError(f"{place(url)} broke the connection off", "Run it again later.")
