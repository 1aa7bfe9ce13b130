"""The loop of the programs that a worker pool starts.

Such a program imports nothing but the standard library's plainest modules, so that it is there in
twenty milliseconds. On stdin come marshalled lists of jobs, each after its length; on stdout
go the answers in the same way.
"""

from __future__ import annotations

import marshal
import sys

TYPE_CHECKING = False  # typing would double the time until a program is there
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, BinaryIO


def serve(answer: Callable[[Any], Any]) -> None:
    """Answer lists of jobs until there are no more."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while jobs := _receive(source):
        data = marshal.dumps([answer(job) for job in jobs])
        sink.write(len(data).to_bytes(8, "little") + data)
        sink.flush()


def _receive(source: BinaryIO) -> list[Any]:
    size = int.from_bytes(source.read(8), "little")
    return marshal.loads(source.read(size)) if size else []  # noqa: S302  (from our own parent)
