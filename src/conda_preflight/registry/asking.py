"""What is asked of a registry: a request that can be made again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from conda_preflight.engines.download import FetchError
from conda_preflight.plain import document_type

TRIES = 4


class PassingError(FetchError):
    """A fault that may be gone when it is tried again."""


@document_type
class Body:
    """What is sent: so many bytes, which can be had again."""

    size: int
    pieces: Callable[[], Iterable[bytes]]


def of_bytes(data: bytes) -> Body:
    """A small body."""
    return Body(len(data), lambda: [data])


@document_type
class Ask:
    """A request; ``good`` are the statuses that are answers, all others are a FetchError."""

    method: str
    url: str
    good: tuple[int, ...]
    headers: Mapping[str, str]
    body: Body | None = None
    tries: int = TRIES
