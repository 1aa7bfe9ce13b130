"""What went wrong, as ``application/problem+json`` (RFC 9457) for programs."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

MEDIA_TYPE = "application/problem+json"


def refuse(
    status: HTTPStatus, detail: str, headers: Mapping[str, str] | None = None
) -> HTTPException:
    """An error that becomes a problem; ``detail`` is a sentence."""
    return HTTPException(status, detail, dict(headers or {}))


def problem(error: HTTPException) -> JSONResponse:
    """The answer for a program."""
    status = HTTPStatus(error.status_code)
    body = {
        "type": "about:blank",
        "title": status.phrase,
        "status": int(status),
        "detail": str(error.detail),
    }
    return JSONResponse(body, status, headers=error.headers, media_type=MEDIA_TYPE)
