"""Runs a program in an environment of its own, for a bounded time, with bounded output."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from conda_preflight.engines.process_group import ended
from conda_preflight.plain import document_type

MAX_OUTPUT = 64 * 1024
"""Bytes of output that are kept: the last ones."""

_SYSTEM = ("/usr/bin", "/bin")
_MAX_LINE = 64 * 1024


@document_type
class Ended:
    """How a program ended; ``output`` is the end of what it said on both streams.

    ``code`` is negative for a signal, 127 when it could not be started; ``late`` is true
    when its time was up and it was stopped.
    """

    code: int
    output: str
    seconds: float
    late: bool = False

    @property
    def reason(self) -> str:
        """Why it counts as failed, in words."""
        if self.late:
            return f"it was stopped after {self.seconds:.3g} seconds"
        if self.code < 0:
            return f"it was ended by {_signal(-self.code)}"
        return f"it ended with exit code {self.code}"


def environment(home: Path, prefix: Path | None = None) -> dict[str, str]:
    """All that a program inherits: nothing of the person who runs this one.

    With a prefix its programs come first. Times and the order of sets are the same each time.
    """
    folders = (*((str(prefix / "bin"),) if prefix else ()), *_SYSTEM)
    return {
        "PATH": os.pathsep.join(folders),
        "HOME": str(home),
        "TMPDIR": str(home),
        "LANG": "C.UTF-8",
        "PYTHONNOUSERSITE": "1",
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": "315532800",  # the first second that a zip can hold
    }


def run(
    command: Sequence[str | Path],
    env: Mapping[str, str],
    folder: Path,
    seconds: float,
    *,
    stdin: bytes = b"",
    lifeline: bool = False,
    on_line: Callable[[bytes], None] | None = None,
    user: tuple[int, int] | None = None,
) -> Ended:
    """How a program ends; it and what it started never outlive this call.

    With a ``lifeline`` its stdin ends only when this process does, so that it can tell.
    ``on_line`` gets each line as it is said. ``user`` are the numbers of another user and group
    as which root can run it. It never raises for what the program does.
    """
    begun = time.monotonic()
    try:
        process = subprocess.Popen(  # noqa: S603
            [str(word) for word in command],
            env=dict(env),
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=user[0] if user else None,
            group=user[1] if user else None,
            extra_groups=() if user else None,
        )
    except OSError as error:
        return Ended(127, f"{command[0]}: {error.strerror or error}", 0.0)
    heard = _Tail(on_line)
    threads = [
        threading.Thread(target=heard.listen, args=(process,), daemon=True),
        threading.Thread(target=_tell, args=(process, stdin, lifeline), daemon=True),
    ]
    for thread in threads:
        thread.start()
    with ended(process):
        late = _is_late(process, seconds)
    for thread in threads:
        thread.join(5)  # a stream may be held open by what left the group
    _close(process)
    spent = time.monotonic() - begun
    return Ended(process.returncode, heard.text(), spent, late)


class _Tail:
    """Keeps the end of what a program says."""

    def __init__(self, on_line: Callable[[bytes], None] | None) -> None:
        self._on_line = on_line
        self._kept = bytearray()
        self._line = bytearray()

    def listen(self, process: subprocess.Popen[bytes]) -> None:
        stream = process.stdout
        while stream and (block := os.read(stream.fileno(), 65536)):
            self._kept += block
            del self._kept[:-MAX_OUTPUT]
            if self._on_line:
                self._lines(block)

    def _lines(self, block: bytes) -> None:
        *whole, rest = (bytes(self._line) + block).split(b"\n")
        self._line = bytearray(rest[-_MAX_LINE:])
        for line in whole:
            if self._on_line:
                self._on_line(line)

    def text(self) -> str:
        return bytes(self._kept).decode("utf-8", "replace").strip()


def _tell(process: subprocess.Popen[bytes], stdin: bytes, lifeline: bool) -> None:  # noqa: FBT001
    with contextlib.suppress(OSError, ValueError):
        if process.stdin:
            process.stdin.write(stdin)
            process.stdin.flush()
            if not lifeline:
                process.stdin.close()


def _is_late(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return True
    return False


def _close(process: subprocess.Popen[bytes]) -> None:
    for stream in (process.stdin, process.stdout):
        with contextlib.suppress(OSError, ValueError):
            if stream:
                stream.close()


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
