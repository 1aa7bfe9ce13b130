"""A blob into a registry: what is there is not sent, what was cut is taken up again."""

from __future__ import annotations

import time
from collections.abc import Iterator

from conda_preflight.engines.download import FetchError
from conda_preflight.errors import PreflightError
from conda_preflight.oci.blobs import Blobs
from conda_preflight.oci.descriptor import Descriptor
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type
from conda_preflight.registry.asking import TRIES, Ask, Body, PassingError
from conda_preflight.registry.repository import Repository

_RANGE = lazy_pattern(r"(?:bytes=)?0-(\d{1,18})")
_AGAIN = (400, 404, 408, 416, 429, 499, 500, 502, 503, 504)
"""Refusals that a new upload may not meet: a part that was cut has another digest too."""


@value_type
class _Place:
    """Where the bytes of a blob go, and how many of them are there."""

    url: str
    arrived: int = 0


def send(repository: Repository, blobs: Blobs, blob: Descriptor) -> bool:
    """Make a blob be there, and say whether it had to be sent; raises PreflightError."""
    if repository.has(blob):
        return False
    if not blobs.has(blob):
        raise PreflightError(
            f"The blob {blob.digest} is not in the cache any more", "Build it once more."
        )
    place = _begun(repository)
    for count in range(TRIES):
        try:
            _finish(repository, blob, _rest(repository, blobs, blob, place))
            break
        except FetchError as error:
            passing = isinstance(error, PassingError) or error.status in _AGAIN
            if not passing or count + 1 == TRIES:
                raise
        time.sleep(repository.pause * 2.0**count)
        place = _taken_up(repository, place) if count % 2 == 0 else _begun(repository)
    return True


def _begun(repository: Repository) -> _Place:
    url = repository.blob_url("uploads/")
    ask = Ask("POST", url, (202,), {"Content-Length": "0"})
    with repository.session.answer(ask) as found:
        return _Place(repository.session.located(url, found.headers.get("Location") or ""))


def _taken_up(repository: Repository, place: _Place) -> _Place:
    """The same upload with what has arrived, or a new one where it is lost.

    A registry that has one byte says the same as one that has none; it counts as none.
    """
    try:
        with repository.session.answer(Ask("GET", place.url, (204,), {})) as found:
            stated = _RANGE.fullmatch(found.headers.get("Range") or "")
            last = int(stated[1]) if stated else 0
            location = found.headers.get("Location") or place.url
            url = repository.session.located(place.url, location)
            return _Place(url, last + 1 if last else 0)
    except FetchError:
        return _begun(repository)


def _rest(repository: Repository, blobs: Blobs, blob: Descriptor, place: _Place) -> str:
    """Send what has not arrived; returns where to say that it is whole."""
    left = blob.size - place.arrived
    if left <= 0:
        return place.url
    headers = {"Content-Type": "application/octet-stream"}
    if place.arrived:
        headers["Content-Range"] = f"{place.arrived}-{blob.size - 1}"
    body = Body(left, lambda: _from(blobs, blob, place.arrived))
    ask = Ask("PATCH", place.url, (200, 201, 202, 204), headers, body, tries=1)
    with repository.session.answer(ask) as found:
        location = found.headers.get("Location") or place.url
        return repository.session.located(place.url, location)


def _finish(repository: Repository, blob: Descriptor, url: str) -> None:
    """The registry compares the digest itself, and refuses what is another file."""
    joint = "&" if "?" in url else "?"
    ask = Ask("PUT", f"{url}{joint}digest={blob.digest}", (201, 204), {"Content-Length": "0"})
    with repository.session.answer(ask):
        pass


def _from(blobs: Blobs, blob: Descriptor, begun: int) -> Iterator[bytes]:
    for piece in blobs.chunks(blob):
        if len(piece) > begun:
            yield piece[begun:]
        begun = max(begun - len(piece), 0)
