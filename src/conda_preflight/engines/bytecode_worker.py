"""A program of its own that compares compiled files with their sources.

It is apart because marshalled code that is broken can end the process that reads it. Source:
PEP 3147 and PEP 552 for the header, ``importlib._bootstrap_external`` for what is loaded.
"""

from __future__ import annotations

import _imp
import marshal
import os
import warnings
from importlib.util import MAGIC_NUMBER

from conda_preflight.engines import worker_loop

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType

MAX_MEMORY = 2 << 30
MAX_BYTES = 64 << 20
_HEADER = 16
_UNCHECKED, _CHECKED = 1, 3


def main() -> None:
    """Answer until there is no more to judge, with bounded memory."""
    import resource

    warnings.simplefilter("ignore")
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    worker_loop.serve(judge)


def judge(job: tuple[str, str, int, int, int, bool]) -> str:
    """What is wrong with ``(compiled, source, size, mtime, optimize, is_deep)``, empty for nothing.

    Size and mtime (in seconds) are the source's. A file that Python would not load, because
    it is older than its source or of another Python, is in order.
    """
    compiled, source, size, mtime, optimize, is_deep = job
    try:
        data = _read(compiled)
        header, body = data[:_HEADER], data[_HEADER:]
        if len(header) < _HEADER or header[2:4] != b"\r\n":
            return ""
        flags = int.from_bytes(header[4:8], "little")
        if flags & ~_CHECKED:
            return "has a header that Python refuses"
        if flags == 0 and _told(header, 8) != (mtime & 0xFFFFFFFF, size & 0xFFFFFFFF):
            return ""
        text = _read(source) if flags or is_deep else b""
        magic = int.from_bytes(header[:4], "little")
        if flags and _imp.source_hash(magic, text) != header[8:16]:
            return "is loaded without a look at its source, and is not of it" if flags == 1 else ""
        if header[:4] != MAGIC_NUMBER:
            return ""
        return _compare(body, text, source, optimize) if is_deep else ""
    except OSError:
        return ""


def _told(header: bytes, at: int) -> tuple[int, int]:
    return (
        int.from_bytes(header[at : at + 4], "little"),
        int.from_bytes(header[at + 4 : at + 8], "little"),
    )


def _compare(body: bytes, text: bytes, source: str, optimize: int) -> str:
    try:
        found = marshal.loads(body)  # noqa: S302  (this is what the program is apart for)
    except (ValueError, EOFError, TypeError, MemoryError):
        return "is broken, so that its module cannot be imported"
    try:
        made: CodeType = compile(text, source, "exec", dont_inherit=True, optimize=optimize)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    return "" if found == made else "is not what its source compiles to"


def _read(path: str) -> bytes:
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        return file.read(MAX_BYTES)
