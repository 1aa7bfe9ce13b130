"""The child process that loads ``libnvidia-ml.so.1`` and tells what it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from conda_preflight.probing.machine import Fact
from conda_preflight.probing.nvml import NVML, facts
from conda_preflight.probing.told import tell


def _facts() -> Iterator[Fact]:
    try:
        import pynvml  # type: ignore[import-untyped]
    except ImportError:
        yield "nvml", "not asked: the package nvidia-ml-py is not installed"
        return
    yield from facts(cast("NVML", pynvml))


if __name__ == "__main__":
    tell(_facts())
