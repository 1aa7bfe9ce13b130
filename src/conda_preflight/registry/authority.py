"""Answers to a registry that asks who we are: a login itself, or a token that it buys.

Source: https://distribution.github.io/distribution/spec/auth/token/ and .../oauth/.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from conda_preflight.engines.advisory_web import place
from conda_preflight.engines.download import FetchError
from conda_preflight.grammar.url import is_plain_http
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type
from conda_preflight.registry.asking import Ask, PassingError, of_bytes
from conda_preflight.registry.login import Login

if TYPE_CHECKING:
    from http.client import HTTPResponse

_MAX_TOKEN = 1 << 20
_LOGIN = "Log in: docker login."
_FIELD = lazy_pattern(r'([A-Za-z_]{1,20})="([^"]{0,2000})"')
_DENIED = (400, 401, 403)


@value_type
class Challenge:
    """What a registry asks for: ``scheme`` is basic or bearer, ``realm`` who sells tokens."""

    scheme: str
    realm: str = ""
    service: str = ""


def challenge(headers: Iterable[str]) -> Challenge | None:
    """The challenge that we can meet, tokens before logins."""
    found = []
    for header in headers:
        scheme, _, rest = header.strip().partition(" ")
        fields = dict(_FIELD.findall(rest))
        one = Challenge(scheme.lower(), fields.get("realm", ""), fields.get("service", ""))
        found += [one] if one.scheme in ("basic", "bearer") else []
    return max(found, key=lambda each: each.scheme, default=None)


class Authority:
    """Holds the header that says who we are, empty until it is asked for.

    ``host`` is the registry's, ``scope`` what we want to do, ``is_open`` whether the person
    lets it be told without encryption; ``login`` is asked when somebody wants it.
    """

    def __init__(
        self, host: str, scope: str, login: Callable[[], Login | None], *, is_open: bool = False
    ) -> None:
        self.header = ""
        self._host, self._scope, self._login, self._is_open = host, scope, login, is_open

    def answer(self, asked: Challenge, send: Callable[[Ask], HTTPResponse]) -> None:
        """Get what is asked for; raises FetchError where we have nothing to answer."""
        login = self._login()
        if asked.scheme == "bearer":
            self.header = f"Bearer {self._token(asked, login, send)}"
        elif login is None or not login.user:
            raise FetchError(f"{self._host} wants a login", _LOGIN, 401)
        else:
            self.header = login.basic

    def _token(
        self, asked: Challenge, login: Login | None, send: Callable[[Ask], HTTPResponse]
    ) -> str:
        self._refuse_open(asked.realm)
        fields = {"service": asked.service, "scope": self._scope}
        if login is not None and login.identity:
            extra = {"grant_type": "refresh_token", "refresh_token": login.identity}
            form = urlencode({**fields, **extra, "client_id": "conda-preflight"}).encode()
            kind = {"Content-Type": "application/x-www-form-urlencoded"}
            ask = Ask("POST", asked.realm, (200,), kind, of_bytes(form))
        else:
            head = {"Authorization": login.basic} if login else {}
            joint = "&" if urlsplit(asked.realm).query else "?"
            ask = Ask("GET", f"{asked.realm}{joint}{urlencode(fields)}", (200,), head)
        with send(ask) as answer:
            return self._read(answer, asked.realm, "this login" if login else "us without a login")

    def _read(self, answer: HTTPResponse, realm: str, who: str) -> str:
        if answer.status in _DENIED:
            raise FetchError(f"{place(realm)} refuses {who} (HTTP {answer.status})", _LOGIN, 401)
        try:
            row = json.loads(answer.read(_MAX_TOKEN)) if answer.status == 200 else {}  # noqa: PLR2004
            token = str(row.get("token") or row.get("access_token") or "")
        except (OSError, ValueError, AttributeError, RecursionError):
            token = ""
        if not (token and token.isascii() and token.isprintable()):
            raise PassingError(
                f"{place(realm)} gives no token (HTTP {answer.status})", "Try it later."
            )
        return token

    def _refuse_open(self, realm: str) -> None:
        """A login travels encrypted, unless the person said otherwise."""
        scheme = urlsplit(realm).scheme
        is_here = not is_plain_http(realm) and not is_plain_http(f"http://{self._host}")
        if scheme == "https" or (scheme == "http" and (self._is_open or is_here)):
            return
        raise FetchError(f"{self._host} wants us to say who we are at no safe address", "", 401)
