"""The child process that starts the CUDA driver interface, as every framework does first.

Source: https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__INITIALIZE.html.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator

from conda_preflight.probing.machine import Fact
from conda_preflight.probing.told import tell


def _facts() -> Iterator[Fact]:
    """``cuda.init`` (the code of cuInit, or why none), ``cuda.version``, ``cuda.devices``."""
    try:
        library = ctypes.CDLL("libcuda.so.1")
        begin = library.cuInit
    except OSError as error:
        missing = "cannot open shared object file" in str(error)
        yield "cuda.init", "not found: libcuda.so.1" if missing else "libcuda.so.1 does not load"
        return
    except AttributeError:
        yield "cuda.init", "libcuda.so.1 has no cuInit"
        return
    yield from _number(library, "cuDriverGetVersion", "cuda.version")
    code = begin(0)
    yield "cuda.init", str(code)
    if not code:
        yield from _number(library, "cuDeviceGetCount", "cuda.devices")


def _number(library: ctypes.CDLL, function: str, name: str) -> Iterator[Fact]:
    number = ctypes.c_int(0)
    if not getattr(library, function)(ctypes.byref(number)):
        text = str(number.value)
        if name == "cuda.version":
            text = f"{number.value // 1000}.{number.value % 1000 // 10}"
        yield name, text


if __name__ == "__main__":
    tell(_facts())
