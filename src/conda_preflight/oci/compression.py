"""Compression of layers: on several processors, and with the same bytes on any number of them."""

from __future__ import annotations

import struct
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from conda_preflight.oci.descriptor import LAYER

GZIP, ZSTD, NONE = "gzip", "zstd", "none"
MEDIA = {GZIP: f"{LAYER}+gzip", ZSTD: f"{LAYER}+zstd", NONE: LAYER}
LEVELS = {GZIP: 6, ZSTD: 3, NONE: 0}
_HEAD = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
"""Source: RFC 1952; no name, no time, no system."""
_WINDOW = 32768


def compress(
    chunks: Iterable[bytes], name: str, pool: ThreadPoolExecutor, jobs: int
) -> Iterator[bytes]:
    """The chunks compressed; ``name`` is one of MEDIA, ``pool`` does the work of gzip."""
    if name == GZIP:
        return _gzip(chunks, pool, jobs)
    if name == ZSTD:
        return _zstd(chunks, jobs)
    return iter(chunks)


def _zstd(chunks: Iterable[bytes], jobs: int) -> Iterator[bytes]:
    """Its own threads part the stream by its bytes alone, so their number changes nothing."""
    from zstandard import ZstdCompressor

    packer = ZstdCompressor(level=LEVELS[ZSTD], threads=max(jobs, 1)).compressobj()
    for chunk in chunks:
        if packed := packer.compress(chunk):
            yield packed
    yield packer.flush()


def _gzip(chunks: Iterable[bytes], pool: ThreadPoolExecutor, jobs: int) -> Iterator[bytes]:
    """Each chunk is a block of one stream that knows the end of the chunk before it."""
    yield _HEAD
    check, size, before = 0, 0, b""
    waiting: deque[Future[bytes]] = deque()
    for chunk in chunks:
        check, size = zlib.crc32(chunk, check), size + len(chunk)
        waiting.append(pool.submit(_deflate, chunk, before))
        before = chunk[-_WINDOW:]
        if len(waiting) > 2 * jobs:
            yield waiting.popleft().result()
    yield from (each.result() for each in waiting)
    yield b"\x03\0" + struct.pack("<II", check, size & 0xFFFFFFFF)


def _deflate(chunk: bytes, before: bytes) -> bytes:
    """By zlib-ng, whose bytes do not depend on what the processor can, as those of ISA-L do."""
    from zlib_ng import zlib_ng

    packer = zlib_ng.compressobj(LEVELS[GZIP], zlib.DEFLATED, -zlib_ng.MAX_WBITS, 9, zdict=before)
    return packer.compress(chunk) + packer.flush(zlib_ng.Z_SYNC_FLUSH)
