"""Asks a driver in a process of its own, since a broken driver hangs whoever calls it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping

from conda_preflight.plain import document_type
from conda_preflight.probing.machine import Fact
from conda_preflight.probing.told import heard

_AFTERWARDS = 2.0
"""Seconds that a killed process has to go; one in a call of the driver may never go."""


@document_type
class Answer:
    """The facts that were told, and how it ended: empty for well, else a sentence's end."""

    facts: tuple[Fact, ...]
    trouble: str = ""


def ask(worker: str, environment: Mapping[str, str], seconds: float) -> Answer:
    """What a module beside this one tells; it gets the variables, which decide what is loaded.

    It runs in the root directory with the same Python. Never raises for what happens there.
    """
    command = [sys.executable, "-P", "-m", f"{__package__}.{worker}"]
    try:
        process = subprocess.Popen(  # noqa: S603
            command,
            env=dict(environment),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        return Answer((), f"could not be asked: {error}")
    output, is_late = _output(process, seconds)
    facts = tuple(heard(output))
    return Answer(facts, _trouble(process, facts, seconds, is_late=is_late))


def _output(process: subprocess.Popen[bytes], seconds: float) -> tuple[bytes, bool]:
    try:
        return process.communicate(timeout=seconds)[0], False
    except subprocess.TimeoutExpired:
        _kill(process)
    try:
        return process.communicate(timeout=_AFTERWARDS)[0], True
    except subprocess.TimeoutExpired as error:  # it waits in the kernel and is left there
        if process.stdout:
            process.stdout.close()
        process.poll()
        return error.output or b"", True


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def _trouble(
    process: subprocess.Popen[bytes], facts: tuple[Fact, ...], seconds: float, *, is_late: bool
) -> str:
    if is_late:
        last = f" after {facts[-1][0]}" if facts else ""
        return f"no answer in {seconds:g} seconds{last}"
    if process.returncode < 0:
        with contextlib.suppress(ValueError):
            return f"ended by {signal.Signals(-process.returncode).name}"
    return f"ended with exit code {process.returncode}" if process.returncode else ""
