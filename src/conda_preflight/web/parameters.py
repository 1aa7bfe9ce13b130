"""What may stand in an address: declared once, for reading it and for the OpenAPI document."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from conda_preflight.plain import value_type
from conda_preflight.web.problem import refuse

MAX_NUMBER = 2**31 - 1
MAX_TEXT = 512
_MAX_DIGITS = 10
_MAX_CURSOR = 8192


@value_type
class Parameter:
    """A number from ``minimum`` to ``maximum`` where ``default`` is one, else a text."""

    name: str
    about: str
    default: str | int = ""
    place: str = "query"
    minimum: int = 1
    maximum: int = MAX_NUMBER
    choices: tuple[str, ...] = ()
    required: bool = False
    cursor: bool = False

    @property
    def is_number(self) -> bool:
        """Whether it is a number."""
        return isinstance(self.default, int)

    def read(self, text: str | None) -> Any:  # noqa: ANN401  (text, number or position)
        """The value; raises a refusal with a sentence where it cannot be one."""
        if text is None or (text == "" and not self.required):
            if self.required:
                raise refuse(HTTPStatus.UNPROCESSABLE_ENTITY, f"{self.name} is needed.")
            return () if self.cursor else self.default
        if self.is_number:
            return self._number(text)
        if self.cursor:
            return _position(text)
        if self.choices and text not in self.choices:
            some = ", ".join(filter(None, self.choices))
            raise refuse(HTTPStatus.UNPROCESSABLE_ENTITY, f"{self.name} is one of: {some}.")
        return _text(self.name, text)

    def _number(self, text: str) -> int:
        plain = text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS
        if not plain or not self.minimum <= int(text) <= self.maximum:
            told = f"{self.name} is a number from {self.minimum} to {self.maximum}."
            raise refuse(HTTPStatus.UNPROCESSABLE_ENTITY, told)
        return int(text)


def values(
    parameters: Sequence[Parameter], query: Mapping[str, str], path: Mapping[str, Any]
) -> dict[str, Any]:
    """The values of all parameters by name; raises a refusal."""
    return {
        each.name: each.read(path[each.name] if each.place == "path" else query.get(each.name))
        for each in parameters
    }


def cursor(position: Sequence[str | int]) -> str:
    """A position as a text for an address."""
    return urlsafe_b64encode(json.dumps(list(position)).encode()).decode().rstrip("=")


def _position(text: str) -> tuple[str | int, ...]:
    try:
        padded = text[:_MAX_CURSOR] + "=" * (-len(text) % 4)
        found = json.loads(urlsafe_b64decode(padded.encode("ascii")))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list) or not all(map(_is_part, found)):
        told = "This page begins nowhere: take the address from the page before."
        raise refuse(HTTPStatus.UNPROCESSABLE_ENTITY, told)
    return tuple(found)


def _is_part(value: object) -> bool:
    if isinstance(value, str):
        return _is_clean(value)
    return type(value) is int and 0 <= value <= MAX_NUMBER


def _text(name: str, text: str) -> str:
    if len(text) > MAX_TEXT or not _is_clean(text):
        told = f"{name} is a text of at most {MAX_TEXT} characters."
        raise refuse(HTTPStatus.UNPROCESSABLE_ENTITY, told)
    return text.strip()


def _is_clean(text: str) -> bool:
    """Whether every database takes it: no NUL, no lone surrogate."""
    return not any(c == "\0" or "\ud800" <= c <= "\udfff" for c in text)
