"""The API: its document is what is served, parameters are bounded, pages have an end."""

from __future__ import annotations

import re

import jsonschema
import pytest

from conda_preflight.web import openapi
from conda_preflight.web.endpoints import DOCUMENT, ENDPOINTS, REPORTS
from conda_preflight.web.site import Site, application
from conda_preflight.web.visitors import Door

FILLED = {"id": "1", "seq": "2"}
NEEDED = {"compare": "?old=1&new=2", "nodes": "?fleet=ray:cluster", "search": "?q=zlib"}


def address(endpoint):
    path = re.sub(r"\{(\w+)\}", lambda m: FILLED[m[1]], endpoint.path)
    return path + NEEDED.get(endpoint.name, "")


def test_the_document_has_every_route_and_no_other(tmp_path):
    routes = application(Site(str(tmp_path / "l.db"), Door()))._app.routes
    served = {route.path for route in routes if route.path.startswith("/api/")}
    assert served == set(openapi.document()["paths"])
    assert {DOCUMENT, REPORTS} < served


def test_the_document_is_served(board):
    assert board.ask(DOCUMENT).json == openapi.document()
    assert openapi.document()["openapi"].startswith("3.1")


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda e: e.name)
def test_an_answer_is_as_the_document_says(board, endpoint):
    answer = board.ask(address(endpoint))
    assert answer.status == 200, answer.text
    document = openapi.document()
    told = document["paths"][endpoint.path]["get"]["responses"]["200"]["content"]
    schema = {**told["application/json"]["schema"], "components": document["components"]}
    jsonschema.Draft202012Validator(schema).validate(answer.json)
    assert answer.json != {"items": [], "next": ""}
    assert _known(document) == _named(document)


def _known(document):
    return {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}


def _named(value):
    if isinstance(value, dict):
        own = {value["$ref"]} if "$ref" in value else set()
        return own.union(*map(_named, value.values())) if value else own
    return set().union(*map(_named, value)) if isinstance(value, list) and value else set()


@pytest.mark.parametrize(
    "path",
    [
        "/api/environments?limit=0",
        "/api/environments?limit=501",
        "/api/environments?limit=x",
        "/api/environments?limit=%C2%B2",
        "/api/environments?sort=random",
        "/api/environments?after=%FF",
        "/api/environments?after=W1tdXQ",
        "/api/environments?named=a%00b",
        "/api/environments?named=" + "x" * 600,
        "/api/environments/99999999999",
        "/api/environments/x",
        "/api/records/0",
        "/api/compare?old=1",
        "/api/nodes",
        "/api/search?q=" + "x" * 600,
    ],
)
def test_what_cannot_be_read_is_a_problem(board, path):
    answer = board.ask(path)
    assert answer.status == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json["status"] == 422
    assert answer.json["detail"].endswith(".")


@pytest.mark.parametrize("path", ["/api/environments/99", "/api/records/99/findings", "/api/none"])
def test_what_is_not_there_is_a_problem(board, path):
    answer = board.ask(path)
    assert (answer.status, answer.json["title"]) == (404, "Not Found")


@pytest.mark.parametrize("sort", ["verdict", "name", "time"])
def test_pages_give_each_environment_once(board, sort):
    seen, after = [], ""
    while not seen or after:
        page = board.ask(f"/api/environments?sort={sort}&limit=1&after={after}").json
        seen += [one["id"] for one in page["items"]]
        after = page["next"]
    assert sorted(seen) == [1, 2]


def test_search_says_where(board):
    found = board.ask("/api/search?q=zlib%3D1.3").json
    assert [one["version"] for one in found["packages"]] == ["1.3"]
    assert (found["kind"], found["count"], found["next"]) == ("package", 1, 0)
    assert board.ask("/api/search?q=numpy").json["kind"] == ""
