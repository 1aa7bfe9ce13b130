"""Documents held against the published schemas, without room for what a schema does not name."""

from __future__ import annotations

import json
import re

import jsonschema

from conda_preflight.schema_files import published


def closed(schema):
    """The same schema, refusing properties that it does not name; parts of an allOf stay open."""
    parts = set(re.findall(r'"allOf": \[\{"\$ref": "#/\$defs/(\w+)"\}\]', json.dumps(schema)))
    return _closed(schema, parts)


def _closed(node, parts, name=""):
    if isinstance(node, list):
        return [_closed(item, parts) for item in node]
    if not isinstance(node, dict):
        return node
    inner = {key: _closed(value, parts, key) for key, value in node.items()}
    is_whole = isinstance(node.get("properties"), dict) and name not in parts
    return {**inner, "unevaluatedProperties": False} if is_whole else inner


def checked(name, text):
    """The document in a text, after its schema has named every part of it."""
    document = json.loads(text)
    jsonschema.Draft202012Validator(closed(published(name))).validate(document)
    return document
