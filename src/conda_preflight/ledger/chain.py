"""The digest that binds a record to all records before it."""

from __future__ import annotations

import hashlib

BEGINNING = "0" * 64
"""What stands for the digest of the record before the first one."""


def link(before: str, seq: int, key: str, body: str) -> str:
    """The SHA-256, in hex, of a record: of its own bytes, its key, its number and the one before.

    Each part is preceded by its length, so that no two records give the same bytes.
    """
    parts = (before, str(seq), key, body)
    framed = b"".join(b"%d:%s" % (len(data), data) for data in map(_bytes, parts))
    return hashlib.sha256(framed).hexdigest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")
