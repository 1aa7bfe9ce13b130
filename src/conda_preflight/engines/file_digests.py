"""Digests of many files at the speed of the disk and the cores."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from conda_preflight.engines.worker_pool import WorkerPool

ALGORITHMS = {64: "sha256", 96: "sha384", 128: "sha512"}
"""By the length of a digest in hex."""
_BYTES = 16 << 20
_LARGE = 8 << 20
_FILES = 250

Told = Callable[[int, int], None]


class Wanted(NamedTuple):
    """One file; ``key`` is the caller's, ``original`` as the worker takes it, else empty."""

    key: int
    path: str
    size: int
    algorithm: str = "sha256"
    original: tuple[tuple[bytes, ...], bytes, bool] | tuple[()] = ()


class FileDigests:
    """Computes digests beside what else goes on; the last call is ``finish``.

    ``told`` is called with the bytes that are done and all that were asked for.
    """

    def __init__(self, told: Told | None = None) -> None:
        self.found: dict[int, bytes] = {}
        self.failed: dict[int, str] = {}
        self._sizes: dict[int, int] = {}
        self._told = told
        self._total = self._done = 0
        self._pool = WorkerPool("digest_worker", self._take)

    def ask(self, files: Iterable[Wanted]) -> None:
        """Have files digested, large ones before whatever waits."""
        jobs: list[tuple[int, object]] = []
        held = 0
        for key, path, size, algorithm, original in files:
            self._sizes[key] = size
            self._total += size
            job = (key, (path, size, algorithm, original))
            if size >= _LARGE:
                self._pool.put([job], first=True)
                continue
            jobs.append(job)
            held += size
            if held >= _BYTES or len(jobs) >= _FILES:
                self._pool.put(jobs)
                jobs, held = [], 0
        if jobs:
            self._pool.put(jobs)

    def finish(self) -> None:
        """Wait for all; afterwards each file is in ``found`` or, with the reason, in ``failed``."""
        self._pool.close()
        self.failed.update(dict.fromkeys(self._pool.lost, "it cannot be read"))

    def _take(self, key: int, answer: object) -> None:
        if isinstance(answer, bytes):
            self.found[key] = answer
        else:
            self.failed[key] = str(answer)
        self._done += self._sizes[key]
        if self._told:
            self._told(self._done, self._total)
