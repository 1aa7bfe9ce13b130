"""Lets the files of a prefix name the place where it will be, before it is moved there.

conda's half is installed for that place; scripts that pip's half brings name the place where
they were written.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import mmap
import os
import posixpath
from collections.abc import Collection
from pathlib import Path

from conda_preflight.errors import PreflightError
from conda_preflight.rebuilding.trees import entries


class RelocationError(PreflightError):
    """A file names a place where the prefix will not be, in a way that cannot be mended."""


def relocate(prefix: Path, final: Path) -> None:
    """Replace one path by the other in texts and links; raises RelocationError for binaries."""
    old, new = os.fsencode(prefix), os.fsencode(final)
    changed = [path for path in sorted(entries(prefix)) if _is_changed(prefix / path, old, new)]
    for record in prefix.glob("lib/python*/site-packages/*.dist-info/RECORD") if changed else ():
        _update(record, prefix, set(changed))


def _is_changed(file: Path, old: bytes, new: bytes) -> bool:
    if file.is_symlink():
        target = os.fsencode(file.readlink())
        if old in target:
            file.unlink()
            file.symlink_to(os.fsdecode(target.replace(old, new)))
        return False
    if not file.is_file() or not _holds(file, old):
        return False
    data = file.read_bytes()
    if b"\0" in data:
        raise RelocationError(
            f"{file.name} names the place where it was made, and is no text that could be changed",
            "Install the lock with conda or mamba where it shall be.",
        )
    mode = file.stat().st_mode
    file.unlink()  # the file may have other names
    file.write_bytes(data.replace(old, new))
    file.chmod(mode)
    return True


def _holds(file: Path, text: bytes) -> bool:
    with file.open("rb") as stream:
        if os.fstat(stream.fileno()).st_size < len(text):
            return False
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return content.find(text) >= 0


def _update(record: Path, prefix: Path, changed: Collection[str]) -> None:
    """Write the digests and sizes of changed files into a RECORD; source: PEP 376, PEP 427."""
    folder = record.parent.parent.relative_to(prefix).as_posix()
    rows = [row for row in csv.reader(record.read_text("utf-8").splitlines()) if row]
    for row in rows:
        path = posixpath.normpath(posixpath.join(folder, row[0]))
        if path in changed and len(row) > 1 and row[1]:
            data = (prefix / path).read_bytes()
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=")
            row[1:] = [f"sha256={digest.decode()}", str(len(data))]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    if any(posixpath.normpath(posixpath.join(folder, row[0])) in changed for row in rows):
        record.write_text(text.getvalue(), "utf-8")
