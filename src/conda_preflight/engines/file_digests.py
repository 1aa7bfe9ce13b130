"""Digests of many files at the speed of the disk and the cores."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

from conda_preflight.engines.worker_pool import Jobs, WorkerPool

ALGORITHMS = {64: "sha256", 96: "sha384", 128: "sha512"}
"""By the length of a digest in hex."""
_BYTES = 16 << 20
_LARGE = 8 << 20
_FILES = 250

Told = Callable[[int, int], None]


class Wanted(NamedTuple):
    """One file; ``original`` is as the worker takes it, else empty."""

    path: str
    size: int
    algorithm: str = "sha256"
    original: tuple[tuple[bytes, ...], bytes, bool] | tuple[()] = ()


class FileDigests:
    """Computes digests beside what else goes on; the last call is ``finish``.

    ``wanted`` tells of a key which file it is, when its turn comes; ``told`` is called with the
    bytes that are done and all that were asked for.
    """

    def __init__(self, wanted: Callable[[int], Wanted], told: Told | None = None) -> None:
        self.found: dict[int, bytes] = {}
        self.failed: dict[int, str] = {}
        self._wanted = wanted
        self._told = told
        self._total = self._done = 0
        self._pool = WorkerPool("digest_worker", self._take)

    def ask(self, files: Iterable[tuple[int, int]]) -> None:
        """Have files digested, by key and size; large ones before whatever waits."""
        keys: list[int] = []
        held = 0
        for key, size in files:
            self._total += size
            if size >= _LARGE:
                self._pool.put(partial(self._jobs, [key]), first=True)
                continue
            keys.append(key)
            held += size
            if held >= _BYTES or len(keys) >= _FILES:
                self._pool.put(partial(self._jobs, keys))
                keys, held = [], 0
        if keys:
            self._pool.put(partial(self._jobs, keys))

    def finish(self) -> None:
        """Wait for all; afterwards each file is in ``found`` or, with the reason, in ``failed``."""
        self._pool.close()
        self.failed.update(dict.fromkeys(self._pool.lost, "it cannot be read"))

    def _jobs(self, keys: list[int]) -> Jobs:
        return [(key, tuple(self._wanted(key))) for key in keys]

    def _take(self, key: int, answer: object) -> None:
        if isinstance(answer, bytes):
            self.found[key] = answer
        else:
            self.failed[key] = str(answer)
        if self._told:
            self._done += self._wanted(key).size
            self._told(self._done, self._total)
