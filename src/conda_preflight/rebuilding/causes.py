"""Why files of two prefixes may differ though both are right: each cause by name."""

from __future__ import annotations

import csv
import json
import posixpath
from collections.abc import Collection
from pathlib import Path
from typing import Any

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
_DIGEST_KEYS = ("sha256_in_prefix", "size_in_bytes")


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
    path: str, first: Path, second: Path, prefixes: tuple[bytes, bytes], known: Collection[str]
) -> str:
    """RECORD where a list differs by the digests of ``known`` paths alone, else empty."""
    a, b = _both(first, second, *prefixes)
    same = _same_record if path.endswith(".json") else _same_rows
    try:
        return RECORD if same(a, b, posixpath.dirname(posixpath.dirname(path)), known) else ""
    except (ValueError, RecursionError, csv.Error):
        return ""


def _both(first: Path, second: Path, old: bytes, new: bytes) -> tuple[bytes, bytes]:
    """Both contents as they are in the second prefix; huge ones are cut, and so differ."""
    if max(first.stat().st_size, second.stat().st_size) > _MAX:
        return b"first", b"second"
    return mapped(first.read_bytes(), old, new), second.read_bytes()


def _same_record(a: bytes, b: bytes, _folder: str, known: Collection[str]) -> bool:
    """Records of conda-meta, apart from the digests of known paths."""
    return bool(_plain_record(json.loads(a), known) == _plain_record(json.loads(b), known))


def _plain_record(record: Any, known: Collection[str]) -> Any:  # noqa: ANN401  (JSON)
    paths = record["paths_data"]["paths"] if isinstance(record, dict) else []
    for row in paths:
        if row.get("_path") in known:
            written_here = str(row.get("path_type")).endswith("entry_point")
            for key in (*_DIGEST_KEYS, *(("sha256",) if written_here else ())):
                row.pop(key, None)
    return record


def _same_rows(a: bytes, b: bytes, folder: str, known: Collection[str]) -> bool:
    """Rows of a RECORD, apart from the digests of known paths."""
    return _plain_rows(a, folder, known) == _plain_rows(b, folder, known)


def _plain_rows(data: bytes, folder: str, known: Collection[str]) -> list[list[str]]:
    rows = list(csv.reader(data.decode("utf-8").splitlines()))
    at = posixpath.normpath
    return [row[:1] if at(posixpath.join(folder, row[0])) in known else row for row in rows if row]
