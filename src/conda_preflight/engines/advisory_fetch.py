"""One file of advisories, from a server or a disk: only if it is new, taken up where it was cut."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import url2pathname

from conda_preflight.documents.advisory import Feed
from conda_preflight.engines.advisory_web import Web, place
from conda_preflight.engines.download import FetchError
from conda_preflight.grammar.url import redact
from conda_preflight.plain import value_type

if TYPE_CHECKING:
    from http.client import HTTPResponse

Told = Callable[[int, int], None]
MAX_BYTES = 2 * 1024**3
_TRIES = 4
_BLOCK = 1024 * 1024
_PART, _UNCHANGED, _OUT_OF_RANGE = 206, 304, 416


@value_type
class Fetched:
    """A whole file, its digest, and what the server said by which it knows this state of it."""

    file: Path
    sha256: str
    etag: str = ""
    last_modified: str = ""


def fetch(web: Web, url: str, into: Path, known: Feed, told: Told) -> Fetched | None:
    """The file at a URL, or None where it is as ``known`` says; raises FetchError.

    A part of it that is left at ``into`` from an earlier try is taken up, if the server still
    has the same file; after a failure what was fetched stays there. ``told`` hears bytes and
    their total.
    """
    local = local_path(url)
    if local is not None:
        return _from_disk(url, local, known)
    for left in reversed(range(_TRIES)):
        try:
            return _attempt(web, url, into, known, told)
        except FetchError as error:
            if (error.status and error.status != _OUT_OF_RANGE) or not left or not into.exists():
                raise
    raise AssertionError


def local_path(url: str) -> Path | None:
    """The file that a ``file://`` URL, or a plain path, names; None for any other URL."""
    if "://" not in url:
        return Path(url)
    parts = urlsplit(url)
    if parts.scheme != "file":
        return None
    if parts.netloc not in ("", "localhost"):
        raise FetchError(f"{place(url)} is on another machine", "Write file:///path.")
    return Path(url2pathname(parts.path))


def read(web: Web, url: str, limit: int) -> bytes:
    """A small file as it is at a URL; raises FetchError, with status 404 where there is none."""
    local = local_path(url)
    if local is None:
        return web.text(url, limit)
    try:
        with local.open("rb") as stream:
            content = stream.read(limit + 1)
    except OSError as error:
        raise _unreadable(local, error) from None
    if len(content) > limit:
        raise FetchError(f"{local} is longer than {limit} bytes", status=200)
    return content


def _from_disk(url: str, file: Path, known: Feed) -> Fetched | None:
    try:
        status = file.stat()
        etag = f"{status.st_mtime_ns}-{status.st_size}"
        if known.url == redact(url) and known.etag == etag:
            return None
        return Fetched(file, _digest(file, "sha256").hex(), etag)
    except OSError as error:
        raise _unreadable(file, error) from None


def _unreadable(file: Path, error: OSError) -> FetchError:
    missing = isinstance(error, FileNotFoundError | NotADirectoryError)
    return FetchError(
        f"{file} cannot be read: {error.strerror or error}", status=404 if missing else 0
    )


def _attempt(web: Web, url: str, into: Path, known: Feed, told: Told) -> Fetched | None:
    validators = _left(into, url)
    headers = _conditions(into, url, known, validators)
    try:
        with web.answer(url, headers) as response:
            if response.status == _UNCHANGED:
                return None
            _write(web, response, url, into, told)
            return _whole(url, into, response)
    except FetchError as error:
        if error.status == _OUT_OF_RANGE:
            _forget(into)
        raise


def _conditions(into: Path, url: str, known: Feed, left: dict[str, str]) -> dict[str, str]:
    """What the server shall compare: for a part whether it is of the same file, else for news."""
    if left:
        return {"Range": f"bytes={into.stat().st_size}-", "If-Range": next(iter(left.values()))}
    headers = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in headers.items() if value and known.url == redact(url)}


def _write(web: Web, response: HTTPResponse, url: str, into: Path, told: Told) -> None:
    """Append the answer to what is left, or begin anew where the whole file comes."""
    goes_on = response.status == _PART
    begun = into.stat().st_size if goes_on else 0
    if goes_on and not response.headers.get("Content-Range", "").startswith(f"bytes {begun}-"):
        _forget(into)
        raise FetchError(f"{place(url)} sends another part than was asked for")
    if not goes_on:
        _remember(into, url, response)
    total = begun + int(response.headers.get("Content-Length") or 0)
    try:
        with into.open("ab" if goes_on else "wb") as stream:
            for block in web.blocks(response, url, MAX_BYTES - begun):
                stream.write(block)
                told(stream.tell(), total)
    except OSError:  # a full disk is not to be kept full
        _forget(into)
        raise


def _whole(url: str, into: Path, response: HTTPResponse) -> Fetched:
    """The finished file; raises FetchError where the server itself names another digest."""
    for stated in (response.headers.get("x-goog-hash") or "").replace(" ", "").split(","):
        if stated.startswith("md5=") and stated[4:] != _base64(_digest(into, "md5")):
            _forget(into)
            raise FetchError(f"{place(url)} came damaged: its digest is another one")
    _sidecar(into).unlink(missing_ok=True)
    etag, changed = (response.headers.get(name) or "" for name in ("ETag", "Last-Modified"))
    return Fetched(into, _digest(into, "sha256").hex(), etag[:300], changed[:100])


def _remember(into: Path, url: str, response: HTTPResponse) -> None:
    """Note by what the server will know this state of the file; without that, no part is kept."""
    etag, changed = (response.headers.get(name) or "" for name in ("ETag", "Last-Modified"))
    strong = etag if not etag.startswith("W/") else ""
    _sidecar(into).write_text(json.dumps({"url": url_key(url), "validator": strong or changed}))


def _left(into: Path, url: str) -> dict[str, str]:
    """The validator of a part that an earlier try left; empty where there is no use of it."""
    with suppress(OSError, ValueError, AttributeError):
        if into.stat().st_size:
            held = json.loads(_sidecar(into).read_text())
            if held.get("url") == url_key(url) and held.get("validator"):
                return {"validator": str(held["validator"])}
    return {}


def url_key(url: str) -> str:
    """A URL as a digest, under which a file may stand that must not show a login."""
    return hashlib.sha256(url.encode("utf-8", "backslashreplace")).hexdigest()[:32]


def _forget(into: Path) -> None:
    into.unlink(missing_ok=True)
    _sidecar(into).unlink(missing_ok=True)


def _sidecar(into: Path) -> Path:
    return into.with_name(into.name + ".json")


def _digest(file: Path, kind: str) -> bytes:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, kind).digest()


def _base64(digest: bytes) -> str:
    return base64.b64encode(digest).decode("ascii")
