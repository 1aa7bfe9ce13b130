"""``POST /api/reports``: a body of bounded size, in bounded time, kept once."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from conda_preflight.errors import ReadError
from conda_preflight.ledger.book import Ledger
from conda_preflight.ledger.record import Entry
from conda_preflight.ledger.store import KeyTakenError
from conda_preflight.web.connections import Connections
from conda_preflight.web.problem import refuse
from conda_preflight.web.receiving import Received, received
from conda_preflight.web.tokens import Token
from conda_preflight.web.visitors import Door

AT_ONCE = 16
"""How many bodies are in memory at a time."""
_WAIT = 30
_AGAIN = {"Retry-After": "2"}
_CLOSE = {"Connection": "close"}


class Posts:
    """Takes reports; ``max_body`` is in bytes, ``seconds`` is how long a body may take."""

    def __init__(
        self, door: Door, connections: Connections, *, max_body: int, seconds: float
    ) -> None:
        self._door = door
        self._connections = connections
        self._max_body = max_body
        self._seconds = seconds
        self._free = asyncio.Semaphore(AT_ONCE)

    async def take(self, request: Request) -> Response:
        """Take one."""
        token = self._door.poster(request)
        self._refuse_early(request)
        try:
            await asyncio.wait_for(self._free.acquire(), _WAIT)
        except TimeoutError:
            raise refuse(HTTPStatus.SERVICE_UNAVAILABLE, "Too many reports.", _AGAIN) from None
        try:
            return await self._taken(request, token)
        finally:
            self._free.release()

    async def _taken(self, request: Request, token: Token) -> Response:
        data = await self._body(request)
        told = await asyncio.to_thread(_read, data)
        if not token.covers(told.record.project):
            raise refuse(HTTPStatus.FORBIDDEN, "This token is for other projects.")
        try:
            entry = await self._connections.write(lambda ledger: _kept(ledger, told))
        except KeyTakenError as error:
            raise refuse(HTTPStatus.CONFLICT, f"{error.message}.") from None
        body = {"seq": entry.seq, "digest": entry.digest, "is_new": entry.is_new}
        status = HTTPStatus.CREATED if entry.is_new else HTTPStatus.OK
        return JSONResponse(body, status, {"Location": f"/api/records/{entry.seq}"})

    def _refuse_early(self, request: Request) -> None:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            told = "A report is application/json."
            raise refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, told, _CLOSE)
        if request.headers.get("content-encoding", "identity").lower() != "identity":
            raise refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "A report is not packed.", _CLOSE)
        length = request.headers.get("content-length", "0")
        if length.isdigit() and int(length) > self._max_body:
            raise self._too_long()

    async def _body(self, request: Request) -> bytes:
        parts, size = [], 0
        try:
            async with asyncio.timeout(self._seconds):
                async for part in request.stream():
                    size += len(part)
                    if size > self._max_body:
                        raise self._too_long()
                    parts.append(part)
        except TimeoutError:
            told = f"The report did not come within {self._seconds:g} s."
            raise refuse(HTTPStatus.REQUEST_TIMEOUT, told, _CLOSE) from None
        except ClientDisconnect:
            raise refuse(HTTPStatus.BAD_REQUEST, "The report broke off.", _CLOSE) from None
        return b"".join(parts)

    def _too_long(self) -> Exception:
        told = f"A report has at most {self._max_body} bytes."
        return refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, told, _CLOSE)


def _kept(ledger: Ledger, told: Received) -> Entry:
    return ledger.append(told.record, told.key)


def _read(data: bytes) -> Received:
    try:
        return received(data)
    except ReadError as error:
        raise refuse(HTTPStatus.UNPROCESSABLE_ENTITY, f"{error.message}.") from None
    except ValueError as error:
        raise refuse(HTTPStatus.BAD_REQUEST, f"The body is no JSON: {error}.") from None
