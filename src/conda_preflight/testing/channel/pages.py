"""What a server has at its paths: files of a directory, or pages made on demand."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path
from urllib.parse import unquote

_RANGE = re.compile(r"bytes=(?=.*\d)(\d*)-(\d*)")


@dataclass(frozen=True, slots=True)
class Page:
    """A body, its media type and what tells it from an older one."""

    body: bytes
    type: str
    etag: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


Site = Callable[[str, Message], Page | None]
"""Gives the page at a path, for a request with these headers, or None."""


def page(body: bytes, media_type: str) -> Page:
    """A page that changes with its content alone."""
    return Page(body, media_type, f'"{sha256(body).hexdigest()[:32]}"')


def folder(root: Path) -> Site:
    """The files below a directory, without listings; read anew for each request."""
    root = root.resolve()

    def site(path: str, _headers: Message) -> Page | None:
        file = (root / unquote(path).lstrip("/")).resolve()
        if not file.is_relative_to(root) or not file.is_file():
            return None
        state = file.stat()
        media_type = guess_type(file.name)[0] or "application/octet-stream"
        return Page(file.read_bytes(), media_type, f'"{state.st_mtime_ns:x}-{state.st_size:x}"')

    return site


def respond(found: Page | None, headers: Message) -> Answer:
    """The answer to a request with these headers: whole, a part, unchanged or not found."""
    if found is None:
        return Answer(404)
    described = {"ETag": found.etag, "Content-Type": found.type, "Accept-Ranges": "bytes"}
    if found.etag in headers.get("If-None-Match", ""):
        return Answer(304, {"ETag": found.etag})
    asked = _RANGE.fullmatch(headers.get("Range", ""))
    if not asked or headers.get("If-Range", found.etag) != found.etag:
        return Answer(200, described, found.body)
    size = len(found.body)
    start = int(asked[1]) if asked[1] else max(0, size - int(asked[2]))
    body = found.body[start : int(asked[2]) + 1 if asked[1] and asked[2] else size]
    if not body:
        return Answer(416, {"Content-Range": f"bytes */{size}"})
    place = f"bytes {start}-{start + len(body) - 1}/{size}"
    return Answer(206, {**described, "Content-Range": place}, body)
