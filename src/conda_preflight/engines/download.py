"""One file over the network, by py-rattler's client: no silence for ever, no endless file.

Credentials come from where rattler looks: its keychain, ``credentials.json``,
``RATTLER_AUTH_FILE`` and ``.netrc``.
"""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from conda_preflight.documents import Package
from conda_preflight.errors import PreflightError
from conda_preflight.grammar.url import redact
from conda_preflight.pattern import lazy_pattern

if TYPE_CHECKING:
    from rattler.networking import Client

RETRIES = 2
STALL = 30.0
"""Seconds without a new byte after which a server counts as silent."""

MAX_BYTES = 32 * 1024**3
"""How large a file may be when the lock does not say."""

_LOOK = 0.1
_STATUS = lazy_pattern(r"\((\d{3}) ")
_AGAIN = "What was fetched is kept: run it again later."
_ANSWERS = {
    401: ("wants a login", "Log in as for conda or pixi: `.netrc`, or RATTLER_AUTH_FILE."),
    403: ("refuses to give it out", "Log in, or ask who runs the channel whether you may have it."),
    404: ("does not have it (any more)", "Make the lock anew, or take a mirror that keeps it."),
    410: ("does not have it any more", "Make the lock anew, or take a mirror that keeps it."),
    429: ("was asked too often and wants us to wait", _AGAIN),
}
_FULL = ("No space left", "os error 28", "os error 27", "File too large", "quota")


class FetchError(PreflightError):
    """A package cannot be had; ``status`` is that of HTTP, 0 where there was none."""

    def __init__(self, message: str, hint: str = "", status: int = 0) -> None:
        super().__init__(message, hint)
        self.status = status


class DigestError(FetchError):
    """A file is not the one that was locked."""


def client() -> Client:
    """A client with the usual credentials that tries again what may pass."""
    from rattler.networking import Client

    return Client.default_client(max_retries=RETRIES)


async def download(one: Client, package: Package, file: Path, seconds: float) -> None:
    """Fetch a package into a file; raises FetchError with the cause.

    A connection that breaks is tried again; ``seconds`` bounds a silence, if shorter than
    STALL.
    """
    for attempt in range(RETRIES + 1):
        try:
            await _attempt(one, package, file, min(STALL, seconds))
        except OSError as error:
            if attempt == RETRIES or is_full(str(error)):
                raise _told(package, error) from None
        except RuntimeError as error:
            raise _told(package, error) from None
        else:
            return


def is_full(text: str) -> bool:
    """Whether an error of the system says that nothing more can be written."""
    return any(word.lower() in text.lower() for word in _FULL)


async def _attempt(one: Client, package: Package, file: Path, stall: float) -> None:
    from rattler.package_streaming import download_to_path

    work = asyncio.ensure_future(download_to_path(one, package.url, file))
    try:
        await _watched(work, package, file, stall)
    finally:
        work.cancel()
        with contextlib.suppress(asyncio.CancelledError, OSError, RuntimeError):
            await asyncio.wait_for(asyncio.shield(work), 1)


async def _watched(work: asyncio.Future[None], package: Package, file: Path, stall: float) -> None:
    """Wait for the work while its file grows, and no further than it may."""
    limit = package.size or MAX_BYTES
    seen, silent = 0, 0.0
    while not (await asyncio.wait([work], timeout=_LOOK))[0]:
        size = _size(file)
        silent = 0.0 if size > seen else silent + _LOOK
        seen = size
        if size > limit:
            raise DigestError(f"{package.name}: {_where(package)} sends more than the lock says")
        if silent >= stall:
            raise FetchError(f"{package.name}: {_where(package)} is silent", _AGAIN)
    await work


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _told(package: Package, error: Exception) -> FetchError:
    text = str(error)
    lead = f"{package.name}: {_where(package)}"
    if is_full(text):
        return full()
    found = _STATUS.search(text)
    status = int(found[1]) if found else 0
    if status in _ANSWERS:
        words, hint = _ANSWERS[status]
        return FetchError(f"{lead} {words} (HTTP {status})", hint, status)
    if status:
        return FetchError(f"{lead} failed (HTTP {status})", _AGAIN, status)
    if isinstance(error, OSError):
        return FetchError(f"{lead} broke the connection off", _AGAIN)
    return FetchError(f"{lead} cannot be reached: {redact(text)[:300]}", _AGAIN)


def full() -> FetchError:
    """What to say when nothing more can be written."""
    return FetchError(
        "The disk is full", "Free some space, or name another place: --cache DIR, TMPDIR."
    )


def _where(package: Package) -> str:
    from urllib.parse import urlsplit

    return urlsplit(package.url).hostname or redact(package.url)
