"""One object of a JSON text, read by key with whatever is of another shape taken for absent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from conda_preflight.documents import Source
from conda_preflight.errors import ReadError

_AGAIN = "The file may be cut off; write it again."


def load(source: Source) -> JsonRecord:
    """The object that a file holds; raises ReadError where it is not one."""
    try:
        found = json.loads(source.text)
    except json.JSONDecodeError as error:
        message = f"This is not JSON: {error.msg}"
        raise ReadError(message, _AGAIN, error.lineno, error.colno) from None
    except (ValueError, RecursionError):
        raise ReadError("This JSON holds a number or a nesting that is too large", _AGAIN) from None
    if not isinstance(found, dict):
        raise ReadError("This JSON is no object", _AGAIN, 1, 1)
    return JsonRecord(found)


class JsonRecord:
    """An object by its keys; no method raises."""

    __slots__ = ("_fields",)

    def __init__(self, fields: dict[str, Any]) -> None:
        self._fields = fields

    def text(self, key: str) -> str:
        """A text without halves of surrogate pairs, empty where there is none."""
        return plain(self._fields.get(key))

    def record(self, key: str) -> JsonRecord:
        """The object under a key, an empty one where there is none."""
        found = self._fields.get(key)
        return JsonRecord(found if isinstance(found, dict) else {})

    def records(self, key: str) -> Iterator[JsonRecord]:
        """The objects of a list, and an object that stands alone."""
        found = self._fields.get(key)
        each = found if isinstance(found, list) else [found]
        return (JsonRecord(one) for one in each if isinstance(one, dict))

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts of a list."""
        found = self._fields.get(key)
        return tuple(filter(None, map(plain, found))) if isinstance(found, list) else ()

    def has(self, key: str) -> bool:
        """Whether there is anything under a key."""
        return self._fields.get(key) not in (None, "", [], {})


def plain(value: object) -> str:
    """A JSON text that can be printed, empty for another value."""
    if not isinstance(value, str):
        return ""
    return (
        value
        if value.isascii()
        else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )
