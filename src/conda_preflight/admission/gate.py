"""The web server that a cluster asks: reviews in, answers out, nothing else.

Whatever goes wrong in it is an answer that refuses, and no answer is left to the ``failurePolicy``.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from conda_preflight.admission.judgement import warned
from conda_preflight.admission.review import MAX_BYTES, Decision, Question, answer, read
from conda_preflight.errors import PreflightError, ReadError

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

SECONDS = 8.0
"""After which a question is refused; less than ``timeoutSeconds`` of the webhook, 10."""

_AT_ONCE = 16
_LOG = logging.getLogger("conda_preflight.admission")
_TOO_LONG = f"The gate could not tell within {SECONDS:.0f} seconds."
_BROKEN = "The gate met a fault of its own, which stands in its log."


class Gate:
    """Answers questions by ``decide``; a refusal is only a warning where ``only_warn`` says so."""

    def __init__(
        self,
        decide: Callable[[Question], Decision],
        *,
        only_warn: bool = False,
        seconds: float = SECONDS,
    ) -> None:
        self._decide, self._only_warn, self._seconds = decide, only_warn, seconds
        self._pool = ThreadPoolExecutor(_AT_ONCE, "admission")

    def app(self) -> Starlette:
        """The ASGI application: ``POST /validate`` and ``GET /healthz``."""
        from starlette.applications import Starlette
        from starlette.routing import Route

        return Starlette(
            routes=[
                Route("/validate", self._validate, methods=["POST"]),
                Route("/healthz", _healthy, methods=["GET"]),
            ]
        )

    async def _validate(self, request: Request) -> Response:
        from starlette.responses import JSONResponse, PlainTextResponse

        try:
            asked = read(await asyncio.wait_for(_body(request), self._seconds))
        except ReadError as error:
            return PlainTextResponse(f"{error.message}.\n", 400)
        except TimeoutError:
            return PlainTextResponse("The body did not come in time.\n", 408)
        decision = await self._decided(asked)
        verdict = "allowed" if decision.allowed else "refused"
        where = f"{asked.operation[:20]} in {asked.namespace[:64]!r}"
        _LOG.info("%s %s %s", verdict, where, answer("", decision)["response"])
        told = warned(decision) if self._only_warn else decision
        return JSONResponse(answer(asked.uid, told))

    async def _decided(self, asked: Question) -> Decision:
        loop = asyncio.get_running_loop()
        job = loop.run_in_executor(self._pool, self._decide, asked)
        try:
            return await asyncio.wait_for(job, self._seconds)
        except TimeoutError:
            return Decision(allowed=False, reasons=(_TOO_LONG,))
        except PreflightError as error:
            return Decision(allowed=False, reasons=(f"{error.message}.",))
        except Exception:  # noqa: BLE001  (no answer would leave it to the failurePolicy)
            _LOG.exception("a question could not be answered")
            return Decision(allowed=False, reasons=(_BROKEN,))


async def _body(request: Request) -> bytes:
    found = bytearray()
    async for piece in request.stream():
        found += piece
        if len(found) > MAX_BYTES:
            raise ReadError(f"The review is larger than {MAX_BYTES // 1024**2} MiB")
    return bytes(found)


async def _healthy(request: Request) -> Response:  # noqa: ARG001  (Starlette's signature)
    from starlette.responses import PlainTextResponse

    return PlainTextResponse("ok\n")
