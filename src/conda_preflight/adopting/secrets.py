"""Texts that are written anew, without the credentials that stood in them."""

from __future__ import annotations

from conda_preflight.grammar.url import redact
from conda_preflight.pattern import lazy_pattern

_LOGIN = lazy_pattern(r"(?<=://)[^/@\s]{0,400}\*\*\*[^/@\s]{0,400}@")
_TOKEN = lazy_pattern(r"/t/\*\*\*(?=/|$)")


def plain(text: str, told: list[str]) -> str:
    """The text without users, passwords and tokens of URLs; others are masked, and it is told."""
    masked = redact(text)
    if masked == text:
        return text
    told.append(f"`{masked}` was written with credentials, which are left out")
    return _TOKEN.sub("", _LOGIN.sub("", masked))
