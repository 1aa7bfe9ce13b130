"""Requests to sources of advisories: bounded in time, repeated with patience, told as sentences.

The standard library's client: proxies and certificates come from the usual variables
(``HTTPS_PROXY``, ``SSL_CERT_FILE``), a login from the URL or from ``.netrc``.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit, urlunsplit

from conda_preflight.engines.download import FetchError
from conda_preflight.grammar.url import redact

if TYPE_CHECKING:
    from http.client import HTTPResponse
    from urllib.request import OpenerDirector

STALL = 30.0
"""Seconds without a byte after which a server counts as silent."""

_TRIES = 4
_LONGEST = 30.0
_BLOCK = 256 * 1024
_BUSY = 500
_AGENT = "conda-preflight"
_AGAIN = "Run it again later: what was fetched is kept."
_ANSWERS = {
    401: ("wants a login", "Put it into `.netrc`, or into the URL."),
    403: ("refuses to give it out", "Look at the URL and the login."),
    404: ("does not have it", "Look at the URL: it is that of a bucket laid out as OSV's."),
    410: ("does not have it any more", "Look at the URL."),
    429: ("was asked too often and wants us to wait", _AGAIN),
}


class Web:
    """Opens URLs; ``offline`` refuses all of them.

    ``seconds`` bound a whole answer, ``stall`` a silence; ``pause`` is the first wait before a
    request is repeated, which doubles.
    """

    def __init__(
        self,
        *,
        offline: bool = False,
        seconds: float = 1800.0,
        stall: float = STALL,
        pause: float = 0.5,
    ) -> None:
        self._offline, self._seconds, self._stall, self._pause = offline, seconds, stall, pause
        self._made: OpenerDirector | None = None

    def text(self, url: str, limit: int, data: bytes | None = None) -> bytes:
        """A whole answer of at most so many bytes; raises FetchError."""
        for left in reversed(range(_TRIES)):
            try:
                with self.answer(url, {}, data) as response:
                    return b"".join(self.blocks(response, url, limit))
            except FetchError as error:
                if error.status or not left:
                    raise
        raise AssertionError

    @contextmanager
    def answer(
        self, url: str, headers: Mapping[str, str], data: bytes | None = None
    ) -> Iterator[HTTPResponse]:
        """The answer to a request, opened; 304 is an answer, what is refused a FetchError.

        A server that is busy is asked again after a while: the one that it names, if short.
        """
        count = 0
        while isinstance(found := self._asked(url, headers, data, count), float):
            time.sleep(found)
            count += 1
        with closing(found) as response:
            yield response

    def blocks(self, response: HTTPResponse, url: str, limit: int) -> Iterator[bytes]:
        """The bytes of an answer; raises FetchError where it is cut, too long or too slow."""
        from http.client import HTTPException

        size, end = 0, time.monotonic() + self._seconds
        expected = response.headers.get("Content-Length")
        try:
            while block := response.read1(_BLOCK):
                size += len(block)
                if size > limit:
                    raise FetchError(f"{place(url)} sends more than {limit} bytes", status=200)
                if time.monotonic() > end:
                    raise FetchError(f"{place(url)} is too slow", _AGAIN, 408)
                yield block
        except (OSError, HTTPException) as error:
            raise told(url, error) from None
        if expected is not None and expected.isdigit() and size < int(expected):
            raise FetchError(f"{place(url)} broke the connection off", _AGAIN)

    def _asked(
        self, url: str, headers: Mapping[str, str], data: bytes | None, count: int
    ) -> HTTPResponse | float:
        """The answer, or how many seconds to wait before asking again."""
        from http.client import HTTPException
        from urllib.error import HTTPError

        if self._offline:
            raise FetchError(f"{place(url)} is in a network, and --offline forbids it")
        last = count + 1 == _TRIES
        try:
            answer: HTTPResponse = self._opener().open(
                self._request(url, headers, data), timeout=self._stall
            )
        except HTTPError as error:
            return self._refused(url, error, count, last=last)
        except (OSError, HTTPException, ValueError) as error:
            if last or not _may_pass(error):
                raise told(url, error) from None
            return self._pause * 2.0**count
        return answer

    def _refused(self, url: str, error: Any, count: int, *, last: bool) -> HTTPResponse | float:  # noqa: ANN401
        """An answer that is no success: "not changed", wait, or a FetchError."""
        if error.code == 304:  # noqa: PLR2004
            answer: HTTPResponse = error
            return answer
        error.close()
        if last or (error.code != 429 and error.code < _BUSY):  # noqa: PLR2004
            words, hint = _ANSWERS.get(error.code, ("failed", _AGAIN))
            raise FetchError(f"{place(url)} {words} (HTTP {error.code})", hint, error.code)
        asked = error.headers.get("Retry-After", "")
        wait = float(asked) if asked.isdigit() and len(asked) < 5 else self._pause * 2.0**count  # noqa: PLR2004
        return min(wait, _LONGEST)

    def _request(self, url: str, headers: Mapping[str, str], data: bytes | None) -> Any:  # noqa: ANN401
        from urllib.request import Request

        bare, login = _login(url)
        request = Request(bare, data=data, headers=dict(headers))  # noqa: S310  (the opener's)
        request.add_header("User-Agent", _AGENT)
        request.add_header("Accept-Encoding", "identity")
        if data is not None:
            request.add_header("Content-Type", "application/json")
        if login:  # not sent on where the server leads elsewhere
            request.add_unredirected_header("Authorization", login)
        return request

    def _opener(self) -> OpenerDirector:
        """What opens http and https, and follows no way from https to http."""
        from urllib import request

        class Redirects(request.HTTPRedirectHandler):
            def redirect_request(self, req: Any, *rest: Any) -> Any:  # noqa: ANN401
                if req.full_url.startswith("https:") and not str(rest[-1]).startswith("https:"):
                    raise OSError("it leads from https to an unencrypted address")
                return super().redirect_request(req, *rest)

        if self._made is None:
            made = request.OpenerDirector()
            for handler in (
                request.ProxyHandler(),
                request.HTTPHandler(),
                request.HTTPSHandler(),
                request.HTTPDefaultErrorHandler(),
                request.HTTPErrorProcessor(),
                request.UnknownHandler(),
                Redirects(),
            ):
                made.add_handler(handler)
            self._made = made
        return self._made


def place(url: str) -> str:
    """What a URL is called in a sentence: without a login, without a query."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return redact(url)[:200]
    return redact(urlunsplit((parts.scheme, host + port, parts.path, "", "")))[:300]


def told(url: str, error: Exception) -> FetchError:
    """What went wrong with a connection, as a sentence without credentials."""
    import ssl

    reason = getattr(error, "reason", error)
    if isinstance(reason, ssl.SSLCertVerificationError):
        return FetchError(
            f"{place(url)}: its certificate is not trusted", "Name your authority in SSL_CERT_FILE."
        )
    if isinstance(reason, TimeoutError):
        return FetchError(f"{place(url)} is silent", _AGAIN)
    if isinstance(reason, ConnectionError) and not isinstance(reason, ConnectionRefusedError):
        return FetchError(f"{place(url)} broke the connection off", _AGAIN)
    words = redact(str(getattr(reason, "strerror", None) or reason or type(error).__name__))
    return FetchError(f"{place(url)} cannot be reached: {words[:200]}", _AGAIN)


def _may_pass(error: Exception) -> bool:
    """Whether asking again may help: a broken connection, not a name that nobody has."""
    reason = getattr(error, "reason", error)
    return isinstance(reason, ConnectionError) and not isinstance(reason, ConnectionRefusedError)


def _login(url: str) -> tuple[str, str]:
    """The URL without a login, and what to send for it; raises ValueError for no URL."""
    parts = urlsplit(url)
    if parts.username is None:
        user, password = _from_netrc(parts.hostname or "")
    else:
        user, password = unquote(parts.username), unquote(parts.password or "")
    bare = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    if not user and not password:
        return bare, ""
    return bare, "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode("ascii")


def _from_netrc(host: str) -> tuple[str, str]:
    from netrc import NetrcParseError, netrc

    try:
        found = netrc().authenticators(host)
    except (OSError, NetrcParseError, UnicodeError):
        return "", ""
    return (found[0], found[2] or "") if found else ("", "")
