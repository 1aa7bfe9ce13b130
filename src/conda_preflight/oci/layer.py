"""Layers: packed from entries, digested on the way, kept by what they hold."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from conda_preflight.oci.blobs import Blobs
from conda_preflight.oci.cache_limits import touch
from conda_preflight.oci.compression import MEDIA, compress
from conda_preflight.oci.descriptor import Descriptor
from conda_preflight.oci.entries import Entry
from conda_preflight.oci.tar_stream import tar
from conda_preflight.plain import document_type


@document_type
class Layer:
    """A layer in a store of blobs: what to call it, its blob, the digest of what is in it."""

    title: str
    blob: Descriptor
    diff_id: str


@document_type
class Packer:
    """How layers are packed, and where to; ``compression`` is one of MEDIA.

    ``fresh`` is true where no layer of an earlier time is to be used.
    """

    blobs: Blobs
    compression: str
    pool: ThreadPoolExecutor
    jobs: int
    fresh: bool = False

    def pack(self, title: str, entries: Sequence[Entry]) -> Layer:
        """The layer of these entries, in their order.

        A layer whose tar is known by its digest is not compressed once more.
        """
        hint = self.blobs.hint(_key(entries, self.compression))
        if not self.fresh and (found := self._known(hint, title, entries)):
            touch(hint)
            return found
        layer = self.pack_stream(title, tar(entries))
        row = {"diff_id": layer.diff_id, "digest": layer.blob.digest, "size": layer.blob.size}
        self.blobs.write(hint, json.dumps(row).encode())
        return layer

    def pack_stream(self, title: str, chunks: Iterable[bytes]) -> Layer:
        """The layer of a tar."""
        inner = hashlib.sha256()
        packed = compress(_through(chunks, inner), self.compression, self.pool, self.jobs)
        blob = self.blobs.take(packed, MEDIA[self.compression])
        return Layer(title, blob, f"sha256:{inner.hexdigest()}")

    def _known(self, hint: Path, title: str, entries: Sequence[Entry]) -> Layer | None:
        """The layer that a hint speaks of, where the entries still are what is in it."""
        try:
            row = json.loads(hint.read_bytes())
            blob = Descriptor(MEDIA[self.compression], row["digest"], row["size"])
            diff_id = row["diff_id"]
        except (OSError, ValueError, LookupError, TypeError):
            return None
        if not self.blobs.has(blob):
            return None
        inner = hashlib.sha256()
        for chunk in tar(entries):
            inner.update(chunk)
        return Layer(title, blob, diff_id) if diff_id == f"sha256:{inner.hexdigest()}" else None


def _through(chunks: Iterable[bytes], digest: hashlib._Hash) -> Iterator[bytes]:
    for chunk in chunks:
        digest.update(chunk)
        yield chunk


def _key(entries: Sequence[Entry], compression: str) -> str:
    """What a layer is looked for by: all but the content of its files."""
    rows = [[e.path, e.kind, e.mode, e.size, e.target, e.uid, e.gid] for e in entries]
    text = json.dumps([compression, rows]).encode("utf-8", "surrogateescape")
    return hashlib.sha256(text).hexdigest()
