"""One command on another machine by the system's ``ssh``, with the keys and settings of its user.

Source of the options: ssh_config(5) of OpenSSH.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from conda_preflight.engines.process_group import ended
from conda_preflight.errors import UsageError

CONNECT_SECONDS = 15
_OPTIONS = {
    "BatchMode": "yes",  # nobody is there to type a password or to believe a new host key
    "ConnectTimeout": str(CONNECT_SECONDS),
    "ServerAliveInterval": "15",
    "ServerAliveCountMax": "4",
    "ForwardAgent": "no",
    "ForwardX11": "no",
    "ClearAllForwardings": "yes",
    "ControlMaster": "no",  # one that is there is used, none is left behind
    "RemoteCommand": "none",
    "PermitLocalCommand": "no",
}
_CHUNK = 256 * 1024
_SAID = 8 * 1024
_PAUSE = 0.1
_LEFT = 8


@dataclass
class Heard:
    """What came back; ``code`` is None where it did not end by itself, ``said`` the end of stderr.

    ``is_too_long`` says that it was ended for the size of what it wrote.
    """

    output: bytearray = field(default_factory=bytearray)
    said: bytes = b""
    code: int | None = None
    is_too_long: bool = False


def find() -> str:
    """The program; raises UsageError where there is none."""
    if sys.platform == "win32":
        raise UsageError("Hosts are asked over ssh from Linux and macOS alone")
    program = shutil.which("ssh")
    if program is None:
        raise UsageError("There is no ssh here", "Install the client of OpenSSH: openssh-client.")
    return program


def words(program: str, destination: str, port: int, config: str, command: str) -> list[str]:
    """The words that run a command line of the other side's shell there."""
    options = [f"-o{name}={value}" for name, value in _OPTIONS.items()]
    where = ["-p", str(port)] if port else []
    own = ["-F", config] if config else []
    return [program, *own, "-T", *options, *where, "--", destination, command]


def run(
    command: list[str],
    reply: Callable[[bytes], bytes],
    *,
    seconds: float,
    most: int,
    stop: threading.Event,
) -> Heard:
    """Run it until it ends, time is up, it writes more than ``most`` bytes, or ``stop`` is set.

    ``reply`` gets what it writes as it comes, and says what it is answered. Raises OSError where
    it cannot be started. Nothing of it is left when this returns.
    """
    process = subprocess.Popen(  # noqa: S603  (a list of words, no shell)
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        start_new_session=True,
    )
    with process, ended(process), selectors.DefaultSelector() as selector:
        talk = _Talk(process, selector, reply, most)
        deadline = time.monotonic() + seconds
        while process.poll() is None and not talk.heard.is_too_long:
            left = deadline - time.monotonic()
            if left <= 0 or stop.is_set():
                return talk.heard
            talk.listen(min(left, _PAUSE))
        talk.rest()
        talk.heard.code = process.poll()
        return talk.heard


class _Talk:
    """What a running process says and is told."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        selector: selectors.BaseSelector,
        reply: Callable[[bytes], bytes],
        most: int,
    ) -> None:
        self.heard = Heard()
        self._selector, self._reply, self._most = selector, reply, most
        self._input = process.stdin.fileno() if process.stdin else -1
        for stream, hear in ((process.stdout, self._output), (process.stderr, self._said)):
            if stream:
                selector.register(stream, selectors.EVENT_READ, hear)

    def listen(self, seconds: float) -> bool:
        """Take what comes within that time; whether there was anything."""
        taken = [hear(data) for hear, data in self._ready(seconds)]
        return bool(taken)

    def rest(self) -> None:
        """Take what an ended process has left in its pipes, whoever else may write there still."""
        for _ in range(_LEFT):
            if self.heard.is_too_long or not self.listen(0):
                return

    def _ready(self, seconds: float) -> Iterator[tuple[Callable[[bytes], None], bytes]]:
        for key, _ in self._selector.select(seconds):
            data = os.read(key.fd, _CHUNK)
            if data:
                yield key.data, data
            else:
                self._selector.unregister(key.fileobj)

    def _output(self, data: bytes) -> None:
        self.heard.output += data
        self.heard.is_too_long = len(self.heard.output) > self._most
        answer = self._reply(data)
        if answer:
            with contextlib.suppress(OSError):  # it has closed its side
                os.write(self._input, answer)

    def _said(self, data: bytes) -> None:
        self.heard.said = (self.heard.said + data)[-_SAID:]
