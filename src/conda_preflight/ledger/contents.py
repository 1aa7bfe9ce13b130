"""Contents of a ledger as they are kept: packed, and named by the digest of what was packed.

The packed bytes follow a digest of their own, since a packed form has bits that mean nothing.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable

from conda_preflight.errors import ReadError
from conda_preflight.ledger.store import LedgerError, Store

MAX_CONTENT = 256 * 1024 * 1024
_LEVEL = 6
_CHECK = 8


def packed(data: bytes) -> bytes:
    """A content as it is kept."""
    body = zlib.compress(data, _LEVEL)
    return _check(body) + body


def unpacked(data: bytes) -> bytes:
    """A content as it was; raises ReadError where it is damaged."""
    check, body = data[:_CHECK], data[_CHECK:]
    if check != _check(body):
        raise ReadError("a content is not as it was packed")
    found = zlib.decompressobj()
    try:
        whole = found.decompress(body, MAX_CONTENT)
    except zlib.error:
        raise ReadError("a content cannot be unpacked") from None
    if not found.eof or found.unused_data:
        raise ReadError("a content has no end")
    return whole


def _check(body: bytes) -> bytes:
    return hashlib.sha256(body).digest()[:_CHECK]


def add_checks(store: Store) -> None:
    """Give the digest of their own to packed bytes that were kept before there was one.

    What is neither form is left as it is, for ``verify`` to tell.
    """
    for (name,) in store.rows("SELECT digest FROM content"):
        kept = bytes(store.rows("SELECT body FROM content WHERE digest = ?", (name,))[0][0])
        if kept[:_CHECK] != _check(kept[_CHECK:]) and _is_bare(kept, name):
            body = _check(kept) + kept
            store.run("UPDATE content SET body = ? WHERE digest = ?", (body, name))


def _is_bare(kept: bytes, name: str) -> bool:
    try:
        whole = unpacked(_check(kept) + kept)
    except ReadError:
        return False
    return hashlib.sha256(whole).hexdigest() == name


def of(store: Store) -> Callable[[str], bytes]:
    """Gives the bytes of a digest; raises LedgerError where they are damaged or not there."""

    def content(digest: str) -> bytes:
        rows = store.rows("SELECT body FROM content WHERE digest = ?", (digest,))
        try:
            return unpacked(bytes(rows[0][0]))
        except (IndexError, ReadError):
            why = "A content that it names is damaged or not there"
            raise LedgerError(f"The ledger {store.name} is damaged: {why}") from None

    return content
