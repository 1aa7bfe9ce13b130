"""The OpenAPI 3.1 document, made from the table of endpoints and the types of their answers."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Union, get_args, get_origin, get_type_hints

from conda_preflight import __version__
from conda_preflight.web.endpoints import DOCUMENT, ENDPOINTS, REPORTS, Endpoint
from conda_preflight.web.parameters import MAX_TEXT, Parameter
from conda_preflight.web.problem import MEDIA_TYPE
from conda_preflight.web.receiving import MESSAGE

Json = dict[str, Any]
_PLAIN: dict[object, Json] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
}
_ERRORS = {"401": "No token", "422": "A parameter cannot be read", "503": "The ledger is away"}


def document() -> Json:
    """The whole document."""
    schemas: Json = {"Problem": _problem(), "Report": MESSAGE, "Entry": _entry()}
    paths: Json = {each.path: {"get": _operation(each, schemas)} for each in ENDPOINTS}
    paths[REPORTS] = {"post": _post()}
    paths[DOCUMENT] = {"get": _own()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "conda-preflight", "version": __version__},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "basic": {"type": "http", "scheme": "basic"},
            },
        },
        "security": [{"token": []}, {"basic": []}, {}],
    }


def _operation(endpoint: Endpoint, schemas: Json) -> Json:
    answer = schema(endpoint.answers, schemas)
    if endpoint.is_list:
        items: Json = {"type": "array", "items": answer}
        parts = {"items": items, "next": {"type": "string"}}
        answer = {"type": "object", "required": ["items", "next"], "properties": parts}
    errors = _ERRORS | {"404": "There is none"}
    return {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "parameters": [_parameter(each) for each in endpoint.parameters],
        "responses": {"200": _answer("The answer", answer), **_refusals(errors)},
    }


def _parameter(each: Parameter) -> Json:
    kind: Json = {"type": "string", "maxLength": MAX_TEXT}
    if each.is_number:
        kind = {"type": "integer", "minimum": each.minimum, "maximum": each.maximum}
    elif each.cursor:
        kind = {"type": "string"}
    elif each.choices:
        kind = {"type": "string", "enum": list(each.choices)}
    required = each.required or each.place == "path"
    if not required and not each.cursor:
        kind["default"] = each.default
    return {
        "name": each.name,
        "in": each.place,
        "description": each.about,
        "required": required,
        "schema": kind,
    }


def _post() -> Json:
    errors = _ERRORS | {
        "400": "Not JSON",
        "403": "The token may not post, or not for this project",
        "408": "The body came too slowly",
        "409": "Another report of this project and time is there",
        "413": "Too long",
        "415": "Not application/json",
        "422": "Not a report",
    }
    body = {"application/json": {"schema": {"$ref": "#/components/schemas/Report"}}}
    entry = {"$ref": "#/components/schemas/Entry"}
    return {
        "operationId": "post_report",
        "summary": "Add the report of an audit; sent again, it is there once",
        "security": [{"token": []}],
        "requestBody": {"required": True, "content": body},
        "responses": {
            "200": _answer("It was there already", entry),
            "201": _answer("It was added", entry),
            **_refusals(errors),
        },
    }


def _own() -> Json:
    answer = _answer("This document", {"type": "object"})
    return {
        "operationId": "openapi",
        "summary": "This document",
        "responses": {"200": answer, **_refusals({"401": "No token"})},
    }


def _answer(about: str, answer: Json) -> Json:
    return {"description": about, "content": {"application/json": {"schema": answer}}}


def _refusals(errors: Mapping[str, str]) -> Json:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": about, "content": content}
        for status, about in sorted(errors.items())
    }


def _problem() -> Json:
    texts = {name: {"type": "string"} for name in ("type", "title", "detail")}
    parts = {**texts, "status": {"type": "integer"}}
    return {"type": "object", "required": sorted(parts), "properties": parts}


def _entry() -> Json:
    parts = {
        "seq": {"type": "integer"},
        "digest": {"type": "string"},
        "is_new": {"type": "boolean"},
    }
    return {"type": "object", "required": sorted(parts), "properties": parts}


def schema(kind: Any, schemas: Json) -> Json:  # noqa: ANN401  (any type of an answer)
    """The schema of a type; those of dataclasses are put among ``schemas``."""
    if kind in _PLAIN:
        return dict(_PLAIN[kind])
    if is_dataclass(kind):
        name = getattr(kind, "__name__", "")
        if name not in schemas:
            schemas[name] = {}
            schemas[name] = _object(kind, schemas)
        return {"$ref": f"#/components/schemas/{name}"}
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in {Union, types.UnionType}:
        return {"anyOf": [schema(each, schemas) for each in arguments]}
    if origin is tuple:
        return {"type": "array", "items": schema(arguments[0], schemas)}
    if origin in {Mapping, dict}:
        return {"type": "object", "additionalProperties": schema(arguments[1], schemas)}
    return {}


def _object(kind: Any, schemas: Json) -> Json:  # noqa: ANN401  (a dataclass)
    hints = get_type_hints(kind)
    names = [each.name for each in fields(kind)]
    parts = {name: schema(hints[name], schemas) for name in names}
    return {"type": "object", "required": names, "properties": parts}
