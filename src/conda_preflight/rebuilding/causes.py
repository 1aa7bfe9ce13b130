"""Why files of two prefixes may differ though both are right: each cause by name."""

from __future__ import annotations

import csv
import json
import posixpath
from collections.abc import Set as AbstractSet
from pathlib import Path

from conda_preflight.rebuilding.contents import mapped

PREFIX = "text of the prefix"
LINK = "link that names the prefix"
BYTECODE = "bytecode that notes the time or digest of its source"
HISTORY = "times of installation in conda-meta/history"
RECORD = "digests, in a list of files, of files that name the prefix"
_HEADER = slice(4, 16)
"""Where bytecode keeps flags, time and size or digest of its source; source: PEP 552."""

_MAX = 256 * 1024 * 1024
_TIME = rb"==> \d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? <=="


def at_once(path: str, first: Path, second: Path, old: bytes, new: bytes) -> str:
    """The cause that the two files alone tell, empty where they tell none."""
    if path.endswith(".pyc"):
        a, b = _both(first, second, old, new)
        return BYTECODE if a[:4] == b[:4] and a[_HEADER.stop :] == b[_HEADER.stop :] else ""
    if path == "conda-meta/history":
        a, b = _both(first, second, old, new)
        return HISTORY if _timeless(a) == _timeless(b) else ""
    return ""


def _timeless(history: bytes) -> bytes:
    import re

    return re.sub(_TIME, b"", history)


def is_list(path: str) -> bool:
    """Whether a file lists digests of others, so that it differs where one of them does."""
    folder, name = posixpath.split(path)
    if folder == "conda-meta":
        return name.endswith(".json")
    return name == "RECORD" and folder.endswith(".dist-info")


def of_list(
    path: str, first: Path, second: Path, prefixes: tuple[bytes, bytes], known: AbstractSet[str]
) -> str:
    """RECORD where a list differs by the digests of ``known`` paths alone, else empty."""
    a, b = _both(first, second, *prefixes)
    digests = _of_record if path.endswith(".json") else _of_rows
    folder = posixpath.dirname(posixpath.dirname(path))
    try:
        old, new = digests(a, folder), digests(b, folder)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, csv.Error):
        return ""  # what is broken explains nothing
    for one in known & old.keys() & new.keys():
        a = a.replace(old[one].encode(), new[one].encode())
    return RECORD if a == b else ""


def _both(first: Path, second: Path, old: bytes, new: bytes) -> tuple[bytes, bytes]:
    """Both contents as they are in the second prefix; huge ones are cut, and so differ."""
    if max(first.stat().st_size, second.stat().st_size) > _MAX:
        return b"first", b"second"
    return mapped(first.read_bytes(), old, new), second.read_bytes()


def _of_record(data: bytes, _folder: str) -> dict[str, str]:
    """The digest by path of a record of conda-meta, as the file is in the prefix."""
    rows = json.loads(data)["paths_data"]["paths"]
    digests = ((row["_path"], row.get("sha256_in_prefix") or row.get("sha256")) for row in rows)
    return {path: digest for path, digest in digests if digest}


def _of_rows(data: bytes, folder: str) -> dict[str, str]:
    """The digest by path in the prefix of a RECORD; source: PEP 376."""
    rows = csv.reader(data.decode("utf-8").splitlines())
    digests = ((posixpath.join(folder, row[0]), row[1]) for row in rows if len(row) > 1)
    return {posixpath.normpath(path): digest for path, digest in digests if digest}
