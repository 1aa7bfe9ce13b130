"""Who asks: by a token, or by the name that a trusted proxy puts on a request."""

from __future__ import annotations

import binascii
import ipaddress
from base64 import b64decode
from collections.abc import Sequence
from http import HTTPStatus

from starlette.requests import Request

from conda_preflight.plain import document_type, value_type
from conda_preflight.web.problem import refuse
from conda_preflight.web.tokens import POST, READ, Token, TokenFile

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_CHALLENGE = {"WWW-Authenticate": 'Basic realm="conda-preflight", charset="UTF-8", Bearer'}


@value_type
class Visitor:
    """Somebody who may read, by a name that is shown; empty where nobody has to sign in."""

    name: str


@document_type
class Door:
    """Who may come in; without tokens and without a proxy's header everybody may read."""

    tokens: TokenFile | None = None
    user_header: str = ""
    proxies: Sequence[Network] = ()

    @property
    def is_open(self) -> bool:
        """Whether reading needs nothing."""
        return self.tokens is None and not self.user_header

    def reader(self, request: Request) -> Visitor:
        """Who reads; raises a refusal."""
        if self.is_open:
            return Visitor("")
        user = request.headers.get(self.user_header, "") if self.user_header else ""
        if user and self._comes_from_proxy(request):
            return Visitor(user)
        token = self._token(_secret(request, basic=True))
        if token is None:
            told = "Sign in: any user name, and a token of the scope read as the password."
            raise refuse(HTTPStatus.UNAUTHORIZED, told, _CHALLENGE)
        if token.scope != READ:
            raise refuse(HTTPStatus.FORBIDDEN, "This token may post and not read.")
        return Visitor(token.name)

    def poster(self, request: Request) -> Token:
        """The token of who posts, from the header alone, which no browser adds by itself."""
        token = self._token(_secret(request, basic=False))
        if token is None:
            told = "A report needs a token: Authorization: Bearer TOKEN."
            raise refuse(HTTPStatus.UNAUTHORIZED, told, {"WWW-Authenticate": "Bearer"})
        if token.scope != POST:
            raise refuse(HTTPStatus.FORBIDDEN, "This token may read and not post.")
        return token

    def _token(self, secret: str) -> Token | None:
        return self.tokens.find(secret) if self.tokens and secret else None

    def _comes_from_proxy(self, request: Request) -> bool:
        try:
            peer = ipaddress.ip_address(request.client.host if request.client else "")
        except ValueError:
            return False
        return any(peer in network for network in self.proxies)


def _secret(request: Request, *, basic: bool) -> str:
    scheme, _, rest = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip()
    if basic and scheme.lower() == "basic":
        try:
            return b64decode(rest, validate=True).decode("utf-8").partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""
