"""A program of its own that computes digests of files: the other half of file_digests."""

from __future__ import annotations

import hashlib
import os

from conda_preflight.engines import worker_loop

TYPE_CHECKING = False  # typing would double the time until the program is there
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator
    from typing import Any

_WHOLE = 1 << 18
"""Up to this size a file is read at once."""

_ENV = b"#!/usr/bin/env "
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def main() -> None:
    """Answer until there is nothing more to read."""
    worker_loop.serve(digest)


def digest(job: tuple[str, int, str, tuple[Any, ...]]) -> bytes | str:
    """The digest of ``(path, size, algorithm, original)``, or the reason why there is none.

    ``original`` is empty, or (prefixes, placeholder, is binary): then more digests follow that of
    the file as it is, each of what may have been packed.
    """
    path, size, algorithm, original = job
    try:
        file = os.open(path, _FLAGS)
    except OSError as error:
        return error.strerror or "it cannot be opened"
    try:
        if original:
            return _several(_read(file, size), *original)
        return _digest(file, size, getattr(hashlib, algorithm))
    except OSError as error:
        return error.strerror or "it cannot be read"
    finally:
        os.close(file)


def _digest(file: int, size: int, made: Callable[..., Any]) -> bytes:
    if size < _WHOLE:
        data = os.read(file, _WHOLE)
        if len(data) < _WHOLE:
            return bytes(made(data).digest())
        state = made(data)
    else:
        state = made()
    while data := os.read(file, _WHOLE):
        state.update(data)
    return bytes(state.digest())


def _read(file: int, size: int) -> bytes:
    parts = []
    while data := os.read(file, max(size + 1, 1 << 16)):
        parts.append(data)
    return b"".join(parts)


def _several(data: bytes, prefixes: tuple[bytes, ...], placeholder: bytes, binary: int) -> bytes:
    packed = [data, *_packed(data, prefixes, placeholder, is_binary=bool(binary))]
    return b"".join(hashlib.sha256(each).digest() for each in packed)


def _packed(
    data: bytes, prefixes: tuple[bytes, ...], placeholder: bytes, *, is_binary: bool
) -> Iterator[bytes]:
    """What the file may have been in its package, for each path that the prefix may have had."""
    for prefix in prefixes:
        found = unreplaced(data, prefix, placeholder, is_binary=is_binary)
        yield found
        if not is_binary and found.startswith(_ENV):  # the line was too long for the kernel
            yield b"#!" + placeholder + b"/bin/" + found.removeprefix(_ENV)


def unreplaced(data: bytes, prefix: bytes, placeholder: bytes, *, is_binary: bool) -> bytes:
    """The bytes with the placeholder where the prefix stands; the same object without any.

    In a binary file a string that became shorter was padded with zeros at its end.
    """
    if prefix not in data:
        return data
    if not is_binary:
        return data.replace(prefix, placeholder)
    import re

    longer = len(placeholder) - len(prefix)

    def restore(match: re.Match[bytes]) -> bytes:
        text = match[0].rstrip(b"\0")
        padding = longer * text.count(prefix)
        kept = max(len(match[0]) - len(text) - padding, 0)
        return text.replace(prefix, placeholder) + b"\0" * kept

    return re.sub(re.escape(prefix) + b"[^\0]*\0+", restore, data)
