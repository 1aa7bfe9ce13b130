"""Where the files of an image come from: a folder, or members of one tar; both within limits."""

from __future__ import annotations

import os
import stat
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from conda_preflight.errors import ReadError
from conda_preflight.oci.safe_tar import SafeInfo, refused

MAX_MEMBERS = 20_000
MAX_LINKS = 8
PIECE = 1 << 20
_COMPRESSED = ((b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd"), (b"BZh", "bzip2"))


class Files(Protocol):
    """The files of an image by name."""

    def size(self, name: str) -> int:
        """How many bytes a file has, -1 where there is none."""

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a file; raises ReadError where there is none."""


def read(files: Files, name: str, limit: int) -> bytes:
    """A whole small file; raises ReadError where it is missing or too large."""
    size = files.size(name)
    if size < 0:
        raise ReadError(f"The image has no {name[:200]}", "Write it once more.")
    if size > limit:
        raise ReadError(f"{name[:200]} of the image is too large to be true")
    return b"".join(files.pieces(name))


class Folder:
    """The files below a folder; links are not followed."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def size(self, name: str) -> int:
        """How many bytes a regular file has, -1 where there is none."""
        try:
            found = self._place(name).lstat()
        except (OSError, ValueError):
            return -1
        return found.st_size if stat.S_ISREG(found.st_mode) else -1

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a file; raises ReadError where there is none."""
        try:
            handle = os.open(self._place(name), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with os.fdopen(handle, "rb", buffering=0) as stream:
                while piece := stream.read(PIECE):
                    yield piece
        except (OSError, ValueError) as error:
            raise ReadError(f"{name[:200]} of the image cannot be read: {error}") from None

    def _place(self, name: str) -> Path:
        if name.startswith("/") or ".." in name.split("/"):
            raise ReadError(f"The image names a file outside of it: {name[:200]!r}")
        return self._root / name


class Held(Folder):
    """The files of a store of blobs, as a layout names them."""

    def _place(self, name: str) -> Path:
        return super()._place(name.removeprefix("blobs/"))


class Archive:
    """The members of a tar that is not compressed, read where they lie."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._places: dict[str, tuple[int, int]] = {}
        self._links: dict[str, str] = {}
        try:
            self._take()
        except (OSError, ValueError, tarfile.TarError) as error:
            raise refused(error) from None

    def _take(self) -> None:
        _refuse_compressed(self._file)
        with tarfile.open(self._file, "r:", tarinfo=SafeInfo) as opened:
            for number, member in enumerate(opened):
                if number >= MAX_MEMBERS:
                    raise ReadError("This archive holds more files than an image has")
                name = os.path.normpath(member.name)
                if member.isreg():
                    self._places[name] = (member.offset_data, member.size)
                elif member.issym():
                    target = os.path.join(os.path.dirname(name), member.linkname)  # noqa: PTH118, PTH120
                    self._links[name] = os.path.normpath(target)

    def _find(self, name: str) -> tuple[int, int] | None:
        name = os.path.normpath(name)
        for _ in range(MAX_LINKS):
            if name not in self._links:
                break
            name = self._links[name]
        return self._places.get(name)

    def size(self, name: str) -> int:
        """How many bytes a member has, -1 where there is none."""
        found = self._find(name)
        return found[1] if found else -1

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a member; raises ReadError where there is none."""
        found = self._find(name)
        if found is None:
            raise ReadError(f"The image has no {name[:200]}")
        offset, left = found
        with self._file.open("rb", buffering=0) as stream:
            stream.seek(offset)
            while left and (piece := stream.read(min(left, PIECE))):
                left -= len(piece)
                yield piece


def _refuse_compressed(file: Path) -> None:
    with file.open("rb") as stream:
        head = stream.read(4)
    kind = next((name for magic, name in _COMPRESSED if head.startswith(magic)), "")
    if kind:
        raise ReadError(
            f"This archive is compressed as a whole ({kind})", "Decompress it, then name the tar."
        )
