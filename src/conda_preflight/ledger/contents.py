"""Contents of a ledger as they are kept: packed, and named by the digest of what was packed."""

from __future__ import annotations

import zlib
from collections.abc import Callable

from conda_preflight.errors import ReadError
from conda_preflight.ledger.store import LedgerError, Store

MAX_CONTENT = 256 * 1024 * 1024
_LEVEL = 6


def packed(data: bytes) -> bytes:
    """A content as it is kept."""
    return zlib.compress(data, _LEVEL)


def unpacked(data: bytes) -> bytes:
    """A content as it was; raises ReadError where it is damaged."""
    found = zlib.decompressobj()
    try:
        whole = found.decompress(data, MAX_CONTENT)
    except zlib.error:
        raise ReadError("a content cannot be unpacked") from None
    if not found.eof or found.unused_data:
        raise ReadError("a content has no end")
    return whole


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
