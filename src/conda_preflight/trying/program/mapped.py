"""Which libraries this process has really mapped, and from where."""

from __future__ import annotations

import os
import re
import sys

from .telling import Answer

_KINDS = (
    r"(?:cuda|cudart|cudnn\w{0,40}|nccl|nvJitLink|nvrtc|cublas|cublasLt|cufft|cusparse|cusolver"
    r"|stdc\+\+|gomp|iomp5|omp|amdhip64|bitsandbytes\w{0,40}|nvinfer)"
)
_LIBRARY = re.compile(r"lib" + _KINDS + r"(?:-[0-9a-f]{6,64})?\.so(?:\.[0-9.]{1,40})?")
_SYSTEM = ("/", "/usr", "/usr/local")
_MAX = 100


def tell_mapped(answer: Answer) -> None:
    """Each library of a kind that goes wrong, relative to the prefix where it is inside."""
    names: dict[str, int] = {}
    for path in _paths()[:_MAX]:
        name = os.path.basename(path)
        names[name] = again = names.get(name, 0) + 1
        answer.fact("mapped." + name + (":" + str(again) if again > 1 else ""), inside(path))
        if own := _own_copy(path):
            answer.fact("own." + name, own)


def inside(path: str) -> str:
    """The path relative to the prefix or to the Python it is made from, else as it is."""
    real = os.path.realpath(path)
    for root in _roots():
        if real.startswith(root + os.sep):
            return os.path.relpath(real, root)
    return real


def _roots() -> list[str]:
    prefix, base = os.path.realpath(sys.prefix), os.path.realpath(sys.base_prefix)
    return [prefix] + ([base] if base not in _SYSTEM else [])


def _own_copy(path: str) -> str:
    """What the prefix has by the name of a library that came from outside."""
    if not os.path.isabs(inside(path)):
        return ""
    own = os.path.join(sys.prefix, "lib", os.path.basename(path))
    soname = re.sub(r"(\.so\.[0-9]+).*", r"\1", own)
    return next((inside(found) for found in (own, soname) if os.path.exists(found)), "")


def _paths() -> list[str]:
    found: dict[str, None] = {}
    try:
        with open("/proc/self/maps", errors="replace") as file:
            for line in file:
                path = line[line.find("/") :].rstrip("\n") if "/" in line else ""
                if _LIBRARY.fullmatch(os.path.basename(path)):
                    found[path] = None
    except OSError:
        pass
    return list(found)
