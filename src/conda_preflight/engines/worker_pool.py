"""Two programs or more that answer lists of jobs side by side.

They are started anew and never forked: a fork after the solver's threads began would hang.
Threads of one process are slower than one thread alone where files are small.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

_ROOT = str(Path(__file__).parents[2])
_PROGRAM = "import sys; sys.path.append({!r}); from conda_preflight.engines.{} import main; main()"
_AHEAD = 2
"""Lists that a program has before it, so that it never waits for the next one."""

Answer = Callable[[int, object], None]
Jobs = list[tuple[int, object]]


class WorkerPool:
    """Programs of one kind; ``program`` is a module of this package with a ``main``.

    Keys and answers come back in any order, by calls of ``answered`` from threads, one at a
    time. What no answer came for, because the program fell over it, is in ``lost``.
    """

    def __init__(self, program: str, answered: Answer, number: int | None = None) -> None:
        self._answered = answered
        self._lock = threading.Condition()
        self._waiting: deque[Callable[[], Jobs]] = deque()
        self._closed = False
        self.lost: list[int] = []
        self._command = [sys.executable, "-I", "-S", "-c", _PROGRAM.format(_ROOT, program)]
        count = number or max(os.cpu_count() or 1, 2)
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(count)]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Wait until all is answered, and end the programs."""
        with self._lock:
            self._closed = True
            self._lock.notify_all()
        for thread in self._threads:
            thread.join()

    def put(self, jobs: Callable[[], Jobs], *, first: bool = False) -> None:
        """Give a list of jobs, each with a key, to whoever is free, ``first`` before others.

        The list is made when its turn comes, so that all of them need not be in memory.
        """
        with self._lock:
            (self._waiting.appendleft if first else self._waiting.append)(jobs)
            self._lock.notify()

    def _next(self, *, wait: bool) -> Jobs:
        with self._lock:
            while wait and not self._waiting and not self._closed:
                self._lock.wait()
            made = self._waiting.popleft() if self._waiting else list
        return made()

    def _run(self) -> None:
        """Keep one program busy; when it falls over a job, another takes its place."""
        process = _start(self._command)
        sent: deque[Jobs] = deque()
        while True:
            while len(sent) < _AHEAD and (jobs := self._next(wait=not sent)):
                sent.append(jobs)
                _send(process, [job for _, job in jobs])
            if not sent:
                break
            answers = _receive(process)
            if answers is None:
                _end(process)
                self._again(sent)
                process = _start(self._command)
                continue
            with self._lock:
                for (key, _), answer in zip(sent.popleft(), answers, strict=True):
                    self._answered(key, answer)
        _end(process)

    def _again(self, sent: deque[Jobs]) -> None:
        """Put jobs back one by one, so that only the one that cannot be answered is lost."""
        first = sent.popleft()
        with self._lock:
            if len(first) == 1:
                self.lost.append(first[0][0])
            self._waiting.extend(partial(list, [job]) for job in first if len(first) > 1)
            self._waiting.extend(partial(list, jobs) for jobs in sent)
            sent.clear()


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603  (this interpreter and a file of this package)
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )


def _send(process: subprocess.Popen[bytes], jobs: list[object]) -> None:
    data = marshal.dumps(jobs)
    with contextlib.suppress(OSError):  # that it is gone shows when its answer is waited for
        if process.stdin:
            process.stdin.write(len(data).to_bytes(8, "little") + data)
            process.stdin.flush()


def _receive(process: subprocess.Popen[bytes]) -> list[object] | None:
    stream = process.stdout
    head = stream.read(8) if stream else b""
    size = int.from_bytes(head, "little")
    data = stream.read(size) if stream and len(head) == 8 else b""  # noqa: PLR2004
    return marshal.loads(data) if data and len(data) == size else None  # noqa: S302


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(OSError):
        if process.stdin:
            process.stdin.close()
    if process.stdout:
        process.stdout.close()
    process.wait()
