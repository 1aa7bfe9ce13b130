"""Asks hosts over ssh, some at once, the question that every way of a fleet asks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import replace

from conda_preflight.engines import ssh_client
from conda_preflight.errors import ReadError
from conda_preflight.fleet import answers
from conda_preflight.fleet.answers import FAILED, TIMED_OUT, Listing, NodeAnswer
from conda_preflight.fleet.clocks import with_clock
from conda_preflight.fleet.collect import Request
from conda_preflight.fleet.host_list import SshHost
from conda_preflight.fleet.remote_question import MAX_NOISE, Moments, answer, command_line
from conda_preflight.fleet.ssh_troubles import reason
from conda_preflight.plain import document_type

Told = Callable[[str, int, int], None]
_STEP = "Asking hosts"
_ENTERING = 8
"""So many log in at once: a server, as a jump host is one for all, turns some away beyond ten.

Source: MaxStartups in sshd_config(5).
"""


@document_type
class Way:
    """How hosts are asked: ``program`` are the words that run conda-preflight there.

    ``config`` is a file of settings for ssh, empty for its usual ones; ``seconds`` bound each host,
    and at most ``workers`` are asked at once.
    """

    program: tuple[str, ...]
    config: str
    seconds: float
    workers: int


def ask(hosts: Sequence[SshHost], request: Request, way: Way, told: Told) -> list[NodeAnswer]:
    """One answer of each host, whatever became of it; raises UsageError where there is no ssh."""
    question = _Question(ssh_client.find(), request, way)
    with ThreadPoolExecutor(min(way.workers, len(hosts))) as pool:
        try:
            asked = [pool.submit(question.ask, host) for host in hosts]
            for done, _ in enumerate(as_completed(asked)):
                told(_STEP, done + 1, len(hosts))
        except BaseException:
            question.stop.set()
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return [each.result() for each in asked]


class _Question:
    """What every host is asked; of lists of files that are alike one is kept."""

    def __init__(self, ssh: str, request: Request, way: Way) -> None:
        self.stop = threading.Event()
        self._ssh, self._way = ssh, way
        self._line = command_line(way.program, request)
        self._entering = threading.Semaphore(_ENTERING)
        self._listings: dict[tuple[str | None, str | None], Listing] = {}

    def ask(self, host: SshHost) -> NodeAnswer:
        begun = time.monotonic()
        try:
            found = self._asked(host)
        except ReadError as error:
            found = NodeAnswer(host.name, FAILED, error.message)
        except OSError as error:
            found = NodeAnswer(host.name, FAILED, f"ssh cannot be run here: {error.strerror}")
        return replace(found, seconds=time.monotonic() - begun)

    def _asked(self, host: SshHost) -> NodeAnswer:
        way, moments = self._way, Moments()
        heard = self._heard(host, moments)
        if heard.is_too_long:
            raise ReadError(f"what it sent is larger than {answers.MAX_BYTES // 1024**2} MiB")
        if heard.code is None:
            return NodeAnswer(host.name, TIMED_OUT, f"no answer in {way.seconds:g} seconds")
        return self._read(host.name, heard, moments)

    def _heard(self, host: SshHost, moments: Moments) -> ssh_client.Heard:
        way = self._way
        with ExitStack() as entering:
            entering.enter_context(self._entering)

            def reply(data: bytes) -> bytes:
                entering.close()  # it has logged in
                return moments.reply(data)

            return ssh_client.run(
                ssh_client.words(self._ssh, host.destination, host.port, way.config, self._line),
                reply,
                seconds=way.seconds,
                most=answers.MAX_BYTES + MAX_NOISE,
                stop=self.stop,
            )

    def _read(self, name: str, heard: ssh_client.Heard, moments: Moments) -> NodeAnswer:
        line = answer(heard.output)
        if line is None:
            return NodeAnswer(name, FAILED, reason(heard, self._way.program[0]))
        found = answers.read(name, line)
        if not found.is_reached:
            return found
        if found.listing is not None:
            key = (found.measured.get("files"), found.measured.get("packages"))
            found = replace(found, listing=self._listings.setdefault(key, found.listing))
        return with_clock(found, moments.clock)
