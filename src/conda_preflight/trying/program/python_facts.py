"""The interpreter itself, and what it reads from outside of its prefix."""

from __future__ import annotations

import os
import platform
import site
import sys

from .gpus import device_files
from .mapped import inside
from .telling import Answer

_VARIABLES = ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "LD_LIBRARY_PATH", "LD_PRELOAD")


def attempt(answer: Answer) -> None:
    """Tell what production would see too, since nothing of the caller's is shut out."""
    answer.fact("version", platform.python_version())
    answer.fact("executable", inside(sys.executable))
    answer.fact("user_site", "on" if site.ENABLE_USER_SITE else "off")
    for at, path in enumerate(path for path in sys.path if path):
        shown = inside(path)
        if os.path.isabs(shown) and os.path.exists(path):
            answer.fact("path.outside:" + str(at), shown)
    for name in _VARIABLES:
        if os.environ.get(name):
            answer.fact("variable." + name, "set")
    scripts = os.path.join(sys.prefix, "etc", "conda", "activate.d")
    if os.path.isdir(scripts):
        answer.fact("activation", " ".join(sorted(os.listdir(scripts))) + " (not run)")
    answer.fact("gpu_files", len(device_files()))
