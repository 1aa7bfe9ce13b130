"""The application: routes of pages and API, errors, and what guards them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from conda_preflight.answers.history_json import plain
from conda_preflight.errors import PreflightError
from conda_preflight.ledger.book import Ledger
from conda_preflight.plain import document_type
from conda_preflight.web import openapi
from conda_preflight.web.connections import Connections
from conda_preflight.web.endpoints import DOCUMENT, ENDPOINTS, REPORTS, Endpoint
from conda_preflight.web.guard import Guard
from conda_preflight.web.pages import PAGES, PageRoute
from conda_preflight.web.parameters import values
from conda_preflight.web.posts import Posts
from conda_preflight.web.problem import problem, refuse
from conda_preflight.web.rendering import ASSETS, asset, render
from conda_preflight.web.visitors import Door

Handler = Callable[[Request], Awaitable[Response]]
MAX_BODY = 16 * 1024 * 1024
_KEPT = {"Cache-Control": "public, max-age=31536000, immutable"}
_AGAIN = {"Retry-After": "5"}


@document_type
class Site:
    """What is served: the ledger by URL, who may come in, how the server may be called."""

    ledger: str
    door: Door
    hosts: Sequence[str] = ()
    max_body: int = MAX_BODY
    body_seconds: float = 30.0


def application(site: Site) -> ASGIApp:
    """The ASGI application."""
    connections = Connections(site.ledger)
    posts = Posts(site.door, connections, max_body=site.max_body, seconds=site.body_seconds)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        connections.close()

    app = Starlette(
        routes=[
            *(_get(each.path, _page(each, site.door, connections)) for each in PAGES),
            *(_get(each.path, _answer(each, site.door, connections)) for each in ENDPOINTS),
            _get(DOCUMENT, _document(site.door)),
            Route(REPORTS, posts.take, methods=["POST"]),
            _get("/healthz", _health),
            _get("/static/{name}", _static),
        ],
        exception_handlers={
            HTTPException: _refused,
            PreflightError: _failed,
        },
        lifespan=lifespan,
    )
    return Guard(app, site.hosts)


def _get(path: str, handler: Handler) -> Route:
    return Route(path, handler, methods=["GET"])


def _page(page: PageRoute, door: Door, connections: Connections) -> Handler:
    async def handler(request: Request) -> Response:
        visitor = door.reader(request)
        given = values(page.parameters, request.query_params, request.path_params)
        query = {p.name: request.query_params.get(p.name, "") for p in page.parameters}

        def made(ledger: Ledger) -> str:
            filled = page.fill(ledger, given)
            if filled is None:
                raise refuse(HTTPStatus.NOT_FOUND, "There is none of that number.")
            context = {**filled, "given": given, "visitor": visitor}
            return render(page.template, context, request.url.path, query)

        return HTMLResponse(await connections.read(made))

    return handler


def _encodable(text: str) -> str:
    """A text that UTF-8 has; a lone surrogate becomes its escape."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def _answer(endpoint: Endpoint, door: Door, connections: Connections) -> Handler:
    async def handler(request: Request) -> Response:
        door.reader(request)
        given = values(endpoint.parameters, request.query_params, request.path_params)

        def made(ledger: Ledger) -> Any:  # noqa: ANN401  (plain JSON)
            return plain(endpoint.ask(ledger, given), _encodable)

        found = await connections.read(made)
        if found is None:
            raise refuse(HTTPStatus.NOT_FOUND, "There is none of that number.")
        return JSONResponse(found)

    return handler


def _document(door: Door) -> Handler:
    async def handler(request: Request) -> Response:
        door.reader(request)
        return JSONResponse(openapi.document())

    return handler


async def _health(_: Request) -> Response:
    return PlainTextResponse("ok\n")


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in ASSETS:
        raise refuse(HTTPStatus.NOT_FOUND, "There is no such file.")
    return Response(asset(name), media_type=ASSETS[name], headers=_KEPT)


async def _refused(request: Request, error: Exception) -> Response:
    """A refusal as a problem for programs and as a page for people."""
    assert isinstance(error, HTTPException)  # noqa: S101  (registered for it alone)
    if request.url.path.startswith("/api/"):
        return problem(error)
    status = HTTPStatus(error.status_code)
    context = {"title": status.phrase, "detail": error.detail, "visitor": None}
    text = render("problem.html", context, request.url.path, {})
    return HTMLResponse(text, status, headers=error.headers)


async def _failed(request: Request, error: Exception) -> Response:
    """A ledger that does not answer: its name may stay unknown to who asks."""
    assert isinstance(error, PreflightError)  # noqa: S101  (registered for it alone)
    told = "The ledger does not answer now."
    return await _refused(request, refuse(HTTPStatus.SERVICE_UNAVAILABLE, told, _AGAIN))
