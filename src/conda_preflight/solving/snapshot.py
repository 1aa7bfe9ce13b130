"""A channel snapshot: the records that a manifest can reach, kept so that a solve can be repeated.

The file is xz-compressed JSON with sorted keys, so that the same records are the same
bytes: ``{"schema": "conda-preflight/snapshot/1", "asked": {platform: digest},
"channels": {URL: {subdir: {file: record}}}}``. What a file's name tells is not said again.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256

from conda_preflight.documents import Package
from conda_preflight.errors import ReadError
from conda_preflight.solving import SNAPSHOT
from conda_preflight.solving.question import Question, Reachable
from conda_preflight.solving.tiers import without_credentials

SCHEMA = "conda-preflight/snapshot/1"
SUFFIX = SNAPSHOT
MAX_BYTES = 256 * 1024 * 1024
"""Of JSON; more is no snapshot of one manifest, and a small file can hold that much."""
_PARTS = 3
_SIZES = ("size", "legacy_bz2_size", "legacy_bz2_md5")
_MEMORY = 256 * 1024 * 1024
_FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 6}]


def write(parts: Iterable[Reachable]) -> bytes:
    """The records of several platforms as one file; equal records give equal bytes."""
    channels: dict[str, dict[str, dict[str, object]]] = {}
    asked: dict[str, str] = {}
    for part in parts:
        asked.update(part.asked)
        for (url, subdir), records in part.records.items():
            rows = {file: _untold(row, file, subdir) for file, row in records.items()}
            channels.setdefault(url, {}).setdefault(subdir, {}).update(rows)
    document = {"schema": SCHEMA, "asked": asked, "channels": channels}
    text = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return lzma.compress(text.encode(), check=lzma.CHECK_SHA256, filters=_FILTERS)


def slimmed(part: Reachable, chosen: Iterable[Package]) -> Reachable:
    """The records without sizes and second digests, of which half a snapshot would be.

    The packages that were ``chosen`` keep theirs, so that their lock is the same again.
    """
    kept = {package.url.partition("#")[0].rpartition("/")[2] for package in chosen}
    records = {
        key: {file: row if file in kept else _slim(row) for file, row in rows.items()}
        for key, rows in part.records.items()
    }
    return replace(part, records=records)


def _slim(row: dict[str, object]) -> dict[str, object]:
    """What a solver does not look at is left out, and one digest stays."""
    without = (*_SIZES, "md5") if row.get("sha256") else _SIZES
    return {key: row[key] for key in row if key not in without}


def digest(question: Question) -> str:
    """The digest of all that decides which records a question can reach."""
    channels = [[without_credentials(url) for url in tier.urls] for tier in question.tiers]
    asked = [without_credentials(spec) for spec in question.specs]
    return sha256(json.dumps([channels, asked, question.constraints]).encode()).hexdigest()


def read(data: bytes) -> Reachable:
    """The records of a snapshot; raises ReadError where it is damaged, too big or no snapshot."""
    try:
        document = json.loads(_text(data))
    except (lzma.LZMAError, ValueError, RecursionError, EOFError):
        raise ReadError("This is not a channel snapshot, or it is damaged") from None
    channels = document.get("channels") if isinstance(document, dict) else None
    if not isinstance(channels, dict) or document.get("schema") != SCHEMA:
        raise ReadError(f"This is not a channel snapshot of the form {SCHEMA}")
    asked = document.get("asked")
    known = asked.items() if isinstance(asked, dict) else ()
    made = Reachable(asked={name: digest for name, digest in known if isinstance(digest, str)})
    for url, subdirs in channels.items():
        for subdir, records in _mapping(subdirs).items():
            made.records[url, subdir] = {
                file: {**_told(file, subdir), **row} for file, row in _mapping(records).items()
            }
    return made


def _told(file: str, subdir: str) -> dict[str, object]:
    """What the name of a package's file tells of its record."""
    stem = file.removesuffix(".conda").removesuffix(".tar.bz2")
    parts = stem.rsplit("-", 2)
    known = zip(("name", "version", "build"), parts, strict=True) if len(parts) == _PARTS else ()
    return {**dict(known), "subdir": subdir}


def _untold(row: dict[str, object], file: str, subdir: str) -> dict[str, object]:
    told = _told(file, subdir)
    return {key: value for key, value in row.items() if told.get(key) != value}


def _text(data: bytes) -> bytes:
    reader = lzma.LZMADecompressor(memlimit=_MEMORY)
    text = reader.decompress(data, MAX_BYTES)
    if not reader.eof or reader.unused_data:
        raise ReadError("This snapshot is damaged, or too big to be one of a manifest")
    return text


def _mapping(value: object) -> dict[str, dict[str, object]]:
    if not isinstance(value, dict) or not all(isinstance(item, dict) for item in value.values()):
        raise ReadError("This channel snapshot is damaged: a part of it is no mapping")
    return value
