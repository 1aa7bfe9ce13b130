"""One record of ``conda-meta``: an installed conda package, and what of Python's it owns.

Source: the records that conda, mamba, micromamba and rattler write.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from conda_preflight.documents import Location, Package
from conda_preflight.errors import ReadError
from conda_preflight.grammar import conda_url
from conda_preflight.grammar.channel import channel_name
from conda_preflight.plain import document_type

_LONG = ((b'\n  "files": [', b"\n  ]", b"]"), (b'\n  "paths_data": {', b"\n  }", b"}"))
_METADATA = (b'.dist-info/METADATA"', b'.egg-info/PKG-INFO"')
_HEX = re.compile(r"[0-9a-f]{32,64}")


@document_type
class Record:
    """The package, the spec that a person asked for it by, and the folders of projects it owns."""

    package: Package
    requested: str
    owned: frozenset[str]


def parse(data: bytes, path: str) -> Record:
    """A record from the bytes of its file; raises ReadError where it is none."""
    fields = _fields(data)
    words = {key: _text(fields.get(key)) for key in ("name", "version", "build", "url", "channel")}
    missing = [key for key in ("name", "version") if not words[key]]
    if missing:
        raise ReadError(f"This record of an installed package has no {missing[0]}", _HINT)
    package = Package(
        manager="conda",
        name=words["name"].lower(),
        version=words["version"],
        location=Location(path, 1, 1),
        build=words["build"] or _text(fields.get("build_string")),
        build_number=_number(fields.get("build_number")),
        subdir=_text(fields.get("subdir")),
        channel=_channel(words["url"], words["channel"]),
        url=words["url"],
        sha256=_digest(fields.get("sha256"), 64),
        md5=_digest(fields.get("md5"), 32),
        size=_number(fields.get("size")) or 0,
        depends=_texts(fields.get("depends")),
        constrains=_texts(fields.get("constrains")),
        licence=_text(fields.get("license")),
        purls=_texts(fields.get("purls")),
    )
    return Record(package, _requested(fields), _owned(data))


_HINT = "Reinstall the package, or make the environment anew from its lock."


def _fields(data: bytes) -> dict[str, Any]:
    """The mapping of a record, if possible without its two long lists of files."""
    for text in (_lighter(data), data):
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            return found
    raise ReadError("This record of an installed package is broken: it is not JSON", _HINT)


def _lighter(data: bytes) -> bytes:
    """Every tool indents a record by two blanks, so that a long list ends where one is left."""
    for begin, end, close in _LONG:
        start = data.find(begin)
        stop = data.find(end, start) if start >= 0 else -1
        if stop >= 0:
            data = data[: start + len(begin)] + close + data[stop + len(end) :]
    return data


def _owned(data: bytes) -> frozenset[str]:
    """The folders whose METADATA or PKG-INFO is listed; each search is linear."""
    return frozenset(folder for end in _METADATA for folder in _folders(data, end))


def _folders(data: bytes, end: bytes) -> Iterator[str]:
    length = end.index(b"/")
    at = data.find(end)
    while at >= 0:
        begin = data.rfind(b'"', 0, at) + 1
        folder = data[begin : at + length]
        if b"\\" not in folder and not folder.startswith(b"/"):
            yield folder.decode("utf-8", "replace")
        at = data.find(end, at + 1)


def _requested(fields: dict[str, Any]) -> str:
    """The spec of conda's ``requested_spec`` or rattler's ``requested_specs``."""
    several = _texts(fields.get("requested_specs"))
    text = _text(fields.get("requested_spec")) or "".join(several[:1])
    return "" if text == "None" else text


def _channel(url: str, channel: str) -> str:
    found = conda_url.parse(url)
    return (found.channel if found else "") or channel_name(channel)


def _text(value: object) -> str:
    """A JSON text without halves of surrogate pairs, which nothing could print."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    return tuple(_text(item) for item in value if item) if isinstance(value, list) else ()


def _number(value: object) -> int | None:
    plain = isinstance(value, int) and not isinstance(value, bool)
    return value if plain and isinstance(value, int) and 0 <= value < 1 << 63 else None


def _digest(value: object, length: int) -> str:
    text = _text(value).lower()
    return text if len(text) == length and _HEX.fullmatch(text) else ""
