"""How much more work a reading has with a larger input, which tells linear from quadratic."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

TIMES = 8
LINEAR = 3 * TIMES
"""Quadratic work grows by the square of ``TIMES``, 64; a busy machine does not triple a ratio."""


def growth(work: Callable[[int], object], size: int) -> float:
    """How many times the processor's time of ``size`` the work needs for ``TIMES`` as much."""
    return _least(work, TIMES * size, 2) / max(_least(work, size, 3), 0.001)


def _least(work: Callable[[int], object], size: int, tries: int) -> float:
    spent = []
    for _ in range(tries):
        gc.disable()  # what it looks at is all that there is, and not the work's
        begun = time.thread_time()
        work(size)
        spent.append(time.thread_time() - begun)
        gc.enable()
    return min(spent)
