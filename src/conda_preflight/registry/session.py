"""Requests to one registry: bounded, repeated with patience, credentials for it alone.

The standard library's client: proxies and certificates come from the usual variables.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from conda_preflight.engines.advisory_web import place, told
from conda_preflight.engines.download import FetchError
from conda_preflight.grammar.url import redact
from conda_preflight.registry.asking import Ask, PassingError
from conda_preflight.registry.authority import Authority, Challenge, challenge

if TYPE_CHECKING:
    from http.client import HTTPResponse
    from urllib.request import OpenerDirector

STALL = 30.0
"""Seconds without a byte after which a registry counts as silent."""

_LONGEST = 30.0
_HOPS = 5
_BUSY = (429, 500, 502, 503, 504)
_MOVED = (301, 302, 303, 307, 308)
_MAX_ERROR = 64 * 1024
_AGAIN = "Run it again later: what has arrived is not sent again."
_LOGIN = "Log in: docker login, or podman login with --authfile ~/.docker/config.json."
_ANSWERS = {
    401: ("wants a login", _LOGIN),
    403: ("refuses it", "Ask for the right to this name, or log in as somebody who has it."),
    404: ("does not have it", "Look at the name."),
    413: ("finds it too large", "Ask who runs the registry for a higher limit."),
    429: ("was asked too often and wants us to wait", _AGAIN),
}


class Session:
    """Talks to the registry at ``root``, such as ``https://registry.example.org``.

    ``pause`` is the first wait before a request is repeated, which doubles.
    """

    def __init__(
        self, root: str, authority: Authority, *, stall: float = STALL, pause: float = 0.5
    ) -> None:
        self.root, self._authority = root, authority
        self._stall, self._pause = stall, pause
        self._lock = threading.Lock()
        self._opener = _opener()

    @contextmanager
    def answer(self, ask: Ask) -> Iterator[HTTPResponse]:
        """The answer to a request, opened; raises FetchError."""
        count = 0
        while isinstance(found := self._tried(ask, last=count + 1 >= ask.tries), float):
            time.sleep(min(found or self._pause * 2.0**count, _LONGEST))
            count += 1
        with found:
            yield found

    def _tried(self, ask: Ask, *, last: bool) -> HTTPResponse | float:
        """The answer, or how many seconds it wants us to wait, 0 where it does not say."""
        try:
            found = self._authorized(ask)
        except PassingError:
            if last:
                raise
            return 0.0
        if found.status in ask.good:
            return found
        with found:
            asked = found.headers.get("Retry-After", "")
            if not last and found.status in _BUSY:
                return float(asked) if asked.isdigit() and len(asked) < 5 else 0.0  # noqa: PLR2004
            raise _refusal(ask.url, found)

    def _authorized(self, ask: Ask) -> HTTPResponse:
        """The answer, once we have said who we are, if that was asked for."""
        used = self._authority.header
        found = self._followed(ask)
        if found.status != 401 or not self._is_own(found.url):  # noqa: PLR2004
            return found
        with found:
            asked = challenge(found.headers.get_all("WWW-Authenticate") or ())
        self._authorize(asked, used)
        return self._followed(ask)

    def _authorize(self, asked: Challenge | None, used: str) -> None:
        with self._lock:
            if asked is not None and self._authority.header == used:
                self._authority.answer(asked, self._plain)

    def _plain(self, ask: Ask) -> HTTPResponse:
        """One request without what we know of ourselves."""
        return self._open(ask, ask.url, {})

    def _followed(self, ask: Ask) -> HTTPResponse:
        """The answer of whoever has it; another host never learns who we are."""
        url = ask.url
        for _ in range(_HOPS):
            own = {"Authorization": self._authority.header} if self._is_own(url) else {}
            found = self._open(ask, url, {k: v for k, v in own.items() if v})
            if found.status not in _MOVED or ask.method not in ("GET", "HEAD"):
                return found
            with found:
                url = self.located(url, found.headers.get("Location") or "")
        raise FetchError(f"{place(ask.url)} leads in a circle", status=310)

    def located(self, url: str, location: str) -> str:
        """Where an answer leads; raises FetchError where that is nowhere to go."""
        found = urljoin(url, location)
        scheme = urlsplit(found).scheme
        if not location or scheme not in ("http", "https"):
            raise FetchError(f"{place(url)} leads nowhere", status=310)
        if url.startswith("https:") and scheme != "https":
            raise FetchError(f"{place(url)} leads to an unencrypted address", status=310)
        return found

    def _is_own(self, url: str) -> bool:
        return urlsplit(url)[:2] == urlsplit(self.root)[:2]

    def _open(self, ask: Ask, url: str, headers: Mapping[str, str]) -> HTTPResponse:
        from http.client import HTTPException
        from urllib.request import Request

        data = ask.body.pieces() if ask.body else None
        request = Request(url, data=data, method=ask.method)  # noqa: S310  (located looks)
        sent = {"User-Agent": "conda-preflight", "Accept-Encoding": "identity"}
        sent |= {"Content-Length": str(ask.body.size)} if ask.body else {}
        for name, value in {**sent, **ask.headers, **headers}.items():
            request.add_header(name, value)
        try:
            answer: HTTPResponse = self._opener.open(request, timeout=self._stall)
        except (OSError, HTTPException, ValueError) as error:
            raise _broken(url, error) from None
        return answer


def _broken(url: str, error: Exception) -> FetchError:
    """A connection that failed, PassingError where trying again may help."""
    import socket
    import ssl

    reason = getattr(error, "reason", error)
    found = told(url, error)
    lasting = (ConnectionRefusedError, ssl.SSLError, socket.gaierror, ValueError)
    return found if isinstance(reason, lasting) else PassingError(found.message, found.hint)


def _refusal(url: str, response: HTTPResponse) -> FetchError:
    """What a registry says when it refuses, in its words where it has some."""
    words, hint = _ANSWERS.get(response.status, ("failed", _AGAIN))
    said = _said(response)
    return FetchError(f"{place(url)} {words} (HTTP {response.status}{said})", hint, response.status)


def _said(response: HTTPResponse) -> str:
    """The first of its errors, as one line of a bounded length."""
    import json

    try:
        first: Any = json.loads(response.read(_MAX_ERROR))["errors"][0]
        text = f"{first.get('code', '')} {first.get('message', '')}"
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return ""
    line = "".join(c if c.isprintable() else " " for c in redact(text)[:200]).strip()
    return f": {line}" if line else ""


def _opener() -> OpenerDirector:
    """What opens http and https, and gives every status as an answer."""
    from urllib import request

    made = request.OpenerDirector()
    for handler in (
        request.ProxyHandler(),
        request.HTTPHandler(),
        request.HTTPSHandler(),
        request.UnknownHandler(),
    ):
        made.add_handler(handler)
    return made
