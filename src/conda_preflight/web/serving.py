"""Runs the application with uvicorn, within bounds on heads, connections and time."""

from __future__ import annotations

import asyncio
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10
"""How long a client may take for the head of a request, from the answer to the one before."""
MAX_HEAD = 32 * 1024
MAX_CONNECTIONS = 512
_KEEP_ALIVE = 5


class BoundedProtocol(H11Protocol):
    """Lets go of a client that does not end the head of its request."""

    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401  (as the base has it)
        """A client has come."""
        super().connection_made(transport)
        self._wait()

    def on_response_complete(self) -> None:
        """The next head may come."""
        super().on_response_complete()
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        if self._timer:
            self._timer.cancel()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _give_up(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()


def server(app: ASGIApp, host: str, port: int, *, verbose: bool = False) -> uvicorn.Server:
    """The server; ``run`` of it listens until it is told to stop."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=BoundedProtocol,
        ws="none",
        loop="asyncio",
        lifespan="on",
        server_header=False,
        proxy_headers=False,
        access_log=verbose,
        log_level="info" if verbose else "warning",
        limit_concurrency=MAX_CONNECTIONS,
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=10,
        h11_max_incomplete_event_size=MAX_HEAD,
    )
    return uvicorn.Server(config)
