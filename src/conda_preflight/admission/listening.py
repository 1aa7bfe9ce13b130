"""Runs the gate: TLS with files that may be renewed while it runs."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from conda_preflight.errors import UsageError
from conda_preflight.plain import value_type

if TYPE_CHECKING:
    from ssl import SSLContext

    from starlette.applications import Starlette
    from uvicorn import Config

LOOK_AGAIN = 10.0
"""Seconds between two looks at the files of the certificate."""

_GRACE = 10
_AT_ONCE = 256
_MISSING = ("The gate needs starlette and uvicorn", "pip install 'conda-preflight[serve]'")


@value_type
class Listening:
    """Where to listen, and the PEM files of the certificate with its chain and of its key."""

    host: str
    port: int
    certificate: str
    key: str


def run(app: Starlette, where: Listening, *, again: float = LOOK_AGAIN) -> None:
    """Serve until a signal ends it; raises UsageError where it cannot begin."""
    try:
        import uvicorn

        from conda_preflight.web.serving import BoundedProtocol
    except ImportError:
        raise UsageError(*_MISSING) from None
    config = uvicorn.Config(
        app,
        host=where.host,
        port=where.port,
        ssl_certfile=where.certificate,
        ssl_keyfile=where.key,
        limit_concurrency=_AT_ONCE,
        timeout_graceful_shutdown=_GRACE,
        server_header=False,
        access_log=False,
        http=BoundedProtocol,
        ws="none",
        loop="asyncio",
        lifespan="off",
        proxy_headers=False,
    )
    try:
        config.load()
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        told = f"{where.certificate} and {where.key} are no certificate with its key: {error}"
        raise UsageError(told) from None
    asyncio.run(_serve(uvicorn.Server(config), config, where, again))


async def _serve(server: object, config: Config, where: Listening, again: float) -> None:
    renewing = asyncio.create_task(_renewed(config, where, again))
    try:
        await server.serve()  # type: ignore[attr-defined]
    finally:
        renewing.cancel()
        with suppress(asyncio.CancelledError):
            await renewing


async def _renewed(config: Config, where: Listening, again: float) -> None:
    """Load the certificate anew whenever its files change; a pair that does not fit is left."""
    import logging

    log = logging.getLogger("uvicorn.error")
    known = list(_marks(where))
    while True:
        await asyncio.sleep(again)
        found = list(_marks(where))
        if found == known or config.ssl is None:
            continue
        try:
            _load(config.ssl, where)
        except (OSError, ValueError) as error:
            log.warning("the new certificate is not used: %s", error)
            continue
        known = found
        log.info("the new certificate is loaded")


def _load(live: SSLContext, where: Listening) -> None:
    """Load a pair after it was tried apart: a context that refused one has none any more."""
    import ssl

    trial = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    for context in (trial, live):
        context.load_cert_chain(where.certificate, where.key)


def _marks(where: Listening) -> Iterator[tuple[int, int]]:
    for name in (where.certificate, where.key):
        try:
            found = Path(name).stat()
        except OSError:
            yield 0, 0
        else:
            yield found.st_mtime_ns, found.st_ino
