"""A layer as a tar: the same entries give the same bytes, whenever and wherever.

No time but 1970, no names of owners, PAX headers only where a name or a size needs one.
"""

from __future__ import annotations

import os
import tarfile
from collections.abc import Iterable, Iterator

from conda_preflight.errors import PreflightError
from conda_preflight.oci.entries import FOLDER, LINK, Entry

CHUNK = 1 << 20
_BLOCK = tarfile.BLOCKSIZE
_TYPES = {FOLDER: tarfile.DIRTYPE, LINK: tarfile.SYMTYPE}


def tar(entries: Iterable[Entry]) -> Iterator[bytes]:
    """The bytes of a tar in chunks of about a MiB; raises PreflightError for a changing file."""
    waiting = bytearray()
    for entry in entries:
        waiting += _header(entry)
        for block in _content(entry):
            waiting += block
            if len(waiting) >= CHUNK:
                yield bytes(waiting)
                waiting.clear()
        waiting += bytes(-entry.size % _BLOCK)
    yield bytes(waiting) + bytes(2 * _BLOCK)


def _header(entry: Entry) -> bytes:
    info = tarfile.TarInfo(entry.path + "/" * (entry.kind == FOLDER))
    info.type = _TYPES.get(entry.kind, tarfile.REGTYPE)
    info.size, info.mode, info.linkname = entry.size, entry.mode, entry.target
    info.uid, info.gid = entry.uid, entry.gid
    return info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")


def _content(entry: Entry) -> Iterator[bytes]:
    if not entry.source:
        yield entry.content
        return
    left = entry.size
    with open(entry.source, "rb", buffering=0) as stream:  # noqa: PTH123  (twenty thousand times)
        while left and (block := stream.read(min(left, CHUNK))):
            left -= len(block)
            yield block
        grown = stream.read(1)
    if left or grown:
        name = os.path.basename(entry.source)  # noqa: PTH119
        raise PreflightError(f"{name} was changed while the image was made", "Make it again.")
