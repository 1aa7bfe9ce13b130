"""What is run on a host over ssh, and what comes back: moments of its clock, noise, one answer.

A shell there tells its time whenever it gets a line, which bounds how far its clock is off; then it
runs the question. When the connection ends, so does the question with its process group, which is
that of the session alone: sshd begins a new one.
"""

from __future__ import annotations

import shlex
import time
from collections.abc import Iterator, Sequence

from conda_preflight.errors import ReadError
from conda_preflight.fleet.answers import SCHEMA, Clock
from conda_preflight.fleet.collect import Request
from conda_preflight.pattern import lazy_pattern

MAX_NOISE = 1024 * 1024
_MOMENT = lazy_pattern(r"conda-preflight clock (\d{1,12}\.\d{1,9})?[^\n]{0,40}\n")
_BEGIN = f'{{"schema": "{SCHEMA}"'.encode()
_LONGEST = 128
_SCRIPT = (
    "exec 3<&0; for n in 1 2 3 4; do "
    'printf "\\nconda-preflight clock %s\\n" "$(date +%s.%N)"; read -r line <&3 || exit 1; done; '
    '"$@" </dev/null & asked=$!; '
    "{ read -r line <&3; kill 0; } >/dev/null 2>&1 & watch=$!; "
    'wait "$asked"; code=$?; kill "$watch" 2>/dev/null; exit "$code"'
)


def command_line(program: Sequence[str], request: Request) -> str:
    """The question for the shell of the other side, whichever it is; ``program`` runs there."""
    return shlex.join(["sh", "-c", _SCRIPT, "conda-preflight", *program, *words(request)])


def words(request: Request) -> Iterator[str]:
    """A request as words for ``conda-preflight``."""
    yield from ("fleet", "--here")
    if request.listing:
        yield "--listing"
    if not request.cache:
        yield "--no-cache"
    if request.verify:
        yield f"--{request.verify}"
    named = {"prefix": (request.prefix,), "fail-on": (request.fail_on,)}
    for name, values in {**named, "select": request.select, "ignore": request.ignore}.items():
        yield from (f"--{name}={value}" for value in values if value)
    if request.path:
        yield from ("--", request.path)


class Moments:
    """Answers each moment that the other side tells with a line, and knows the best of them."""

    def __init__(self) -> None:
        self.clock: Clock | None = None
        self._rest = ""
        self._sent = 0.0

    def reply(self, data: bytes) -> bytes:
        """What is to be sent for what has just come."""
        now, text = time.time(), self._rest + data.decode("latin-1")
        found = list(_MOMENT.finditer(text))
        for each in found:
            self._note(float(each[1] or 0), now)
        self._rest = text[found[-1].end() if found else 0 :][-_LONGEST:]
        self._sent = time.time() if found else self._sent
        return b"\n" * len(found)

    def _note(self, there: float, now: float) -> None:
        bound = (now - self._sent) / 2
        if self._sent and there and (self.clock is None or bound < self.clock.bound):
            self.clock = Clock(there - self._sent - bound, bound)


def answer(output: bytes | bytearray) -> bytes | None:
    """The line with the answer, between whatever else was said; None where there is none.

    Raises ReadError for half of one.
    """
    found = output.rfind(_BEGIN)  # a text inside of an answer has its quotes escaped
    if found < 0:
        return None
    line, end, _ = bytes(output[found:]).partition(b"\n")
    if not end:
        raise ReadError("its answer broke off")
    return line
