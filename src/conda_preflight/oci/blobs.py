"""A folder of blobs by digest; each enters it by a rename, whole."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from conda_preflight.errors import PreflightError
from conda_preflight.oci.descriptor import Descriptor
from conda_preflight.pattern import lazy_pattern

DIGEST = lazy_pattern(r"sha256:[0-9a-f]{64}")
_PIECE = 1 << 20


class Blobs:
    """Blobs below ``folder/sha256``, as an image layout has them below ``blobs``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "sha256").mkdir(parents=True, exist_ok=True)

    def path(self, digest: str) -> Path:
        """Where the blob of a digest lies."""
        return self.folder / "sha256" / digest.removeprefix("sha256:")

    def has(self, blob: Descriptor) -> bool:
        """Whether a blob of this digest and size is here."""
        try:
            return self.path(blob.digest).stat().st_size == blob.size
        except OSError:
            return False

    def put(self, data: bytes, media_type: str) -> Descriptor:
        """Keep some bytes."""
        return self.take([data], media_type)

    def take(self, chunks: Iterable[bytes], media_type: str) -> Descriptor:
        """Keep a stream of bytes."""
        digest, size = hashlib.sha256(), 0
        handle, draft = tempfile.mkstemp(dir=self.folder, prefix="draft-")
        try:
            with os.fdopen(handle, "wb", buffering=0) as file:
                for chunk in chunks:
                    file.write(chunk)
                    digest.update(chunk)
                    size += len(chunk)
            name = f"sha256:{digest.hexdigest()}"
            os.chmod(draft, 0o644)  # noqa: PTH101
            os.replace(draft, self.path(name))  # noqa: PTH105
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise
        return Descriptor(media_type, name, size)

    def copy(self, blob: Descriptor, chunks: Iterable[bytes]) -> None:
        """Keep a blob that must have this digest; raises PreflightError where it has another."""
        if self.has(blob):
            return
        found = self.take(chunks, blob.media_type)
        if found.digest != blob.digest:
            self.path(found.digest).unlink()
            raise PreflightError(
                f"A blob is damaged: its digest is {found.digest}, and it must be {blob.digest}",
                "Take the base once more, or delete the folder images of the cache.",
            )

    def chunks(self, blob: Descriptor) -> Iterable[bytes]:
        """The bytes of a blob, in pieces."""
        with self.path(blob.digest).open("rb", buffering=0) as file:
            while piece := file.read(_PIECE):
                yield piece

    def hint(self, key: str) -> Path:
        """Where it stands which layer was made of what the key tells."""
        return self.folder / "hints" / f"{key}.json"

    def write(self, file: Path, data: bytes) -> None:
        """Write a small file whole or not at all."""
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=file.parent, prefix="draft-")
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        os.replace(draft, file)  # noqa: PTH105
