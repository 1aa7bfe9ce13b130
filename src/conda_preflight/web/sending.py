"""Sends a report to a dashboard: a bounded number of tries, the token never to anybody else."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPException, HTTPMessage
from typing import IO
from urllib.parse import urlsplit

from conda_preflight import __version__
from conda_preflight.errors import PreflightError, UsageError
from conda_preflight.grammar.url import redact
from conda_preflight.plain import value_type

PATH = "/api/reports"
TRIES = 5
SECONDS = 30
_MAX_ANSWER = 64 * 1024
_MAX_PAUSE = 10.0
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class SendError(PreflightError):
    """The report was not taken."""


@value_type
class Sent:
    """Where a report stands there, and whether it was added just now."""

    seq: int
    is_new: bool


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the token elsewhere."""

    def redirect_request(  # noqa: PLR0917  (as the base has it)
        self,
        req: urllib.request.Request,  # noqa: ARG002
        fp: IO[bytes],  # noqa: ARG002
        code: int,  # noqa: ARG002
        msg: str,  # noqa: ARG002
        headers: HTTPMessage,  # noqa: ARG002
        newurl: str,  # noqa: ARG002
    ) -> None:
        return None


def address(url: str) -> str:
    """Where reports go on a server; raises UsageError for an address that is none, or unsafe."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise UsageError(f"{redact(url)} is no address of a dashboard", "--post https://HOST")
    if parts.username or parts.password:
        raise UsageError("--post takes no password", "The token is CONDA_PREFLIGHT_POST_TOKEN.")
    if parts.scheme == "http" and parts.hostname not in _LOCAL:
        raise UsageError(
            f"A token for {parts.hostname} would be sent in the clear", "--post https://HOST"
        )
    path = parts.path.rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{path.removesuffix(PATH)}{PATH}"


def send(
    url: str, token: str, body: bytes, *, pause: Callable[[float], object] = time.sleep
) -> Sent:
    """Send what ``receiving.message`` made; again where that may help, as it is kept once.

    Raises SendError.
    """
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "User-Agent": f"conda-preflight/{__version__}",
    }
    request = urllib.request.Request(url, body, headers, method="POST")  # noqa: S310
    wait = 0.5
    for left in range(TRIES - 1, -1, -1):
        answer = _tried(request)
        if isinstance(answer, Sent):
            return answer
        why, asked, is_worth_it = answer
        if not left or not is_worth_it:
            break
        pause(min(max(wait, asked), _MAX_PAUSE))
        wait *= 2
    raise SendError(f"The report was not taken by {urlsplit(url).netloc}: {why}")


def _tried(request: urllib.request.Request) -> Sent | tuple[str, float, bool]:
    """What was said, or why not, how long to wait, and whether another try may help."""
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(request, timeout=SECONDS) as answer:
            told = json.loads(answer.read(_MAX_ANSWER))
            return Sent(int(told["seq"]), bool(told["is_new"]))
    except urllib.error.HTTPError as error:
        asked = error.headers.get("Retry-After", "")
        seconds = float(asked) if asked.isdecimal() else 0.0
        return _detail(error), seconds, error.code in _AGAIN
    except (OSError, HTTPException) as error:
        return str(getattr(error, "reason", error) or type(error).__name__), 0.0, True
    except (ValueError, KeyError, TypeError):
        return "it answers as something else than a dashboard", 0.0, False


def _detail(error: urllib.error.HTTPError) -> str:
    try:
        return f"{error.code}, {json.loads(error.read(_MAX_ANSWER))['detail']}"
    except (ValueError, KeyError, TypeError, OSError):
        return f"{error.code} {error.reason}"
