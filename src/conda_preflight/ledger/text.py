"""Texts that any database takes."""

from __future__ import annotations

from conda_preflight.errors import ReadError

MAX_TEXT = 4096


def clean(text: object) -> str:
    """A text that any database takes: no surrogate, no NUL, of bounded length."""
    if not isinstance(text, str):
        raise ReadError(f"a text is needed, not {type(text).__name__}")
    if text.isascii() and len(text) <= MAX_TEXT and "\0" not in text:
        return text
    whole = text[:MAX_TEXT].encode("utf-8", "backslashreplace").decode("utf-8")
    return whole.replace("\0", "\\x00")
