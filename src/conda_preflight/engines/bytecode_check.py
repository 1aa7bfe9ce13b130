"""Has compiled files compared with their sources, several at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

from conda_preflight.engines.worker_pool import WorkerPool

_TOGETHER = 20
_FELL = "makes the interpreter that reads it crash"


class Pair(NamedTuple):
    """One compiled file and its source; size and mtime (in seconds) are the source's.

    Without ``is_deep`` its header alone is looked at.
    """

    key: int
    compiled: str
    source: str
    size: int
    mtime: int
    optimize: int
    is_deep: bool


def check_bytecode(
    pairs: Iterable[Pair], told: Callable[[int, int], None] | None = None
) -> dict[int, str]:
    """What is wrong, by key, in the end of a sentence that begins with the compiled file."""
    jobs: list[tuple[int, object]] = [(pair.key, tuple(pair[1:])) for pair in pairs]
    found: dict[int, str] = {}
    done = 0

    def take(key: int, answer: object) -> None:
        nonlocal done
        done += 1
        if answer:
            found[key] = str(answer)
        if told:
            told(done, len(jobs))

    if jobs:
        pool = WorkerPool("bytecode_worker", take)
        for at in range(0, len(jobs), _TOGETHER):
            pool.put(partial(list, jobs[at : at + _TOGETHER]))
        pool.close()
        found.update(dict.fromkeys(pool.lost, _FELL))
    return found
