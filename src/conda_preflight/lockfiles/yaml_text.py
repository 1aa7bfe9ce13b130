"""Mappings, lists and texts as YAML that every parser reads back as the same texts.

A text stands plain only where YAML 1.1 and 1.2 agree that it is one: ``1.10``, ``on``,
``0x1f``, ``1_000``, ``1e5``, ``12:30`` and dates are quoted. Lines are never folded and
the layout is that of PyYAML and serde_yaml, so that diffs stay small.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

from conda_preflight.errors import WriteError
from conda_preflight.pattern import lazy_pattern

Value: TypeAlias = "str | int | bool | Sequence[Value] | Mapping[str, Value]"

MAX_KEY = 500
"""The most characters of a key; libyaml finds no key behind 1,024 bytes on its line."""

_PLAIN = lazy_pattern(r"(?:(?! #|: |[ :]\Z)[\x20-\x7e])+")
_FIRST = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./<=~+$(^")
_WORDS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", "<<", "="))
_NUMBER = lazy_pattern(
    r"[-+]?(?:"
    r"(?:\.[0-9][0-9_]*|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:e[-+]?[0-9_]*)?"  # 1 1. .5 1_000 1e5
    r"|0(?:x[0-9a-f_]*|o[0-7_]*|b[01_]*)"
    r"|[0-9][0-9_]*(?::[0-9_]*)+(?:\.[0-9_]*)?"  # to base 60
    r"|[0-9]{4}-[0-9].*"  # dates
    r"|\.(?:inf|nan)"
    r")"
)
_QUOTABLE = lazy_pattern("[\x20-\x7e\xa1-\u2027\u2030-\ud7ff\ue000-\ufefe\uff00-\ufffd]*")


def dump(value: Mapping[str, Value]) -> str:
    """The mapping as a YAML document; raises WriteError for a key that YAML cannot hold."""
    return "\n".join(_mapping(value, "")) + "\n"


def _mapping(value: Mapping[str, Value], indent: str) -> Iterator[str]:
    for key, item in value.items():
        if len(key) > MAX_KEY:
            raise WriteError(f"{key[:40]!r}... has {len(key)} characters, which no YAML key may")
        yield from _entry(f"{indent}{scalar(key)}:", item, indent)


def _entry(lead: str, item: Value, indent: str) -> Iterator[str]:
    """A value after its key: in the same line, or below it."""
    if isinstance(item, (str, int)):
        yield f"{lead} {scalar(item)}"
    elif not item:
        yield lead + (" {}" if isinstance(item, Mapping) else " []")
    elif isinstance(item, Mapping):
        yield lead
        yield from _mapping(item, indent + "  ")
    else:
        yield lead
        yield from _list(item, indent)


def _list(items: Sequence[Value], indent: str) -> Iterator[str]:
    for item in items:
        if isinstance(item, (str, int)):
            yield f"{indent}- {scalar(item)}"
        elif isinstance(item, Mapping) and item:
            lines = _mapping(item, indent + "  ")
            yield f"{indent}- {next(lines)[len(indent) + 2 :]}"
            yield from lines
        else:
            raise TypeError("a list holds texts and mappings that are not empty")


def scalar(value: str | int) -> str:
    """One value: a number, ``true`` or ``false``, or a text, quoted where it must be."""
    if isinstance(value, str):
        return _text(value)
    return str(value).lower()


@lru_cache(maxsize=65536)
def _text(text: str) -> str:
    if _is_plain(text):
        return text
    if _QUOTABLE.fullmatch(text):
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(map(_escaped, text)) + '"'


def _is_plain(text: str) -> bool:
    if not text or text[0] not in _FIRST or not _PLAIN.fullmatch(text):
        return False
    lower = text.lower()
    return lower not in _WORDS and not _NUMBER.fullmatch(lower)


def _escaped(character: str) -> str:
    if _QUOTABLE.fullmatch(character) and character not in '"\\':
        return character
    code = ord(character)
    if 0xD800 <= code <= 0xDFFF:  # noqa: PLR2004  (half of a pair is no character)
        raise WriteError("A text holds half of a surrogate pair, which no file can")
    return f"\\U{code:08X}"
