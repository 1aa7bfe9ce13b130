"""Processes that left the group of the step that started them."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path


def end_strays(scratch: Path) -> None:
    """End every process that inherited the scratch folder of a step, which no other has.

    Where there is no ``/proc`` none is found.
    """
    mark = os.fsencode(f"={scratch}")
    for environ in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            variables = environ.read_bytes().split(b"\0")
            if any(each.endswith(mark) for each in variables):
                os.kill(int(environ.parent.name), signal.SIGKILL)
