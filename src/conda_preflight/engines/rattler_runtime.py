"""How py-rattler is run: one place for what its threads need.

Its worker threads can be killed while they hold Python's state when the interpreter
ends, which crashes 5 to 27 % of short runs (PyO3/pyo3-async-runtimes, issue 40); a short
wait before the end cures it, and so does ``leave``. A process that has used it must not fork.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import sys
import time
from collections.abc import Coroutine
from typing import Any, NoReturn, TypeVar

T = TypeVar("T")
_SETTLE = 0.15
"""Seconds that its threads need to come to rest."""


def run(work: Coroutine[Any, Any, T], seconds: float) -> T:
    """What the coroutine gives; raises TimeoutError after that many seconds."""
    _settle_at_exit()
    return asyncio.run(_bounded(work, seconds))


async def _bounded(work: Coroutine[Any, Any, T], seconds: float) -> T:
    return await asyncio.wait_for(work, seconds)


def _settle_at_exit() -> None:
    atexit.unregister(_settle)
    atexit.register(_settle)


def _settle() -> None:
    time.sleep(_SETTLE)


def leave(code: int) -> NoReturn:
    """End the process without tearing the interpreter down under those threads.

    What was registered for the end is done before, such as removing temporary folders.
    """
    atexit.unregister(_settle)
    atexit._run_exitfuncs()  # noqa: SLF001  (the only way to have them run before os._exit)
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:  # nobody reads, or the disk is full
        code = code or 2
    os._exit(code)
