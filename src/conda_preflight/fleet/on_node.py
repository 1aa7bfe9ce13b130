"""Runs a request on a node in a process of its own, with the variables that the node has.

A worker of Ray has variables that Ray made; what counts is what a program on the node would get,
which is what the process has that started the worker. The loader reads LD_LIBRARY_PATH at the
start of a process alone, and a driver that crashes takes nobody with it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from conda_preflight.engines.process_group import ended

_CODE = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from conda_preflight.fleet.collect import answer_json, read_request
sys.stdout.write(answer_json(read_request(sys.argv[2])))
"""
_STARTER = "raylet"
_ALLOCATOR = "/ray/core/libjemalloc.so"
_SOME = 300


def answered(request: str, seconds: float) -> tuple[bytes, bytes]:
    """The answer as JSON without its list of files, and that list; raises TimeoutError, OSError."""
    told = json.loads(_run(request, seconds))
    listing = told.pop("listing", {})
    return json.dumps(told).encode(), json.dumps(listing).encode()


def clock() -> float:
    """The time on the node, in seconds since 1970."""
    return time.time()


def _run(request: str, seconds: float) -> bytes:
    paths = json.dumps([path for path in sys.path if path])
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-E", "-c", _CODE, paths, request],
        env=dict(node_variables()),
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    with ended(process):
        try:
            output, errors = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise TimeoutError(f"no answer in {seconds:g} seconds") from None
        if process.returncode:
            last = errors.decode("utf-8", "replace").strip().rpartition("\n")[2][:_SOME]
            raise OSError(f"it ended with exit code {process.returncode}: {last}")
        return output


def node_variables() -> Mapping[str, str]:
    """Those of the process of Ray that starts workers here; this process' own where it is none."""
    try:
        parent = Path("/proc", str(os.getppid()))
        if (parent / "comm").read_text(encoding="utf-8").strip() != _STARTER:
            return os.environ
        told = (parent / "environ").read_bytes().split(b"\0")
    except OSError:
        return os.environ
    pairs = (os.fsdecode(each).partition("=") for each in told if b"=" in each)
    return {name: value for name, _, value in pairs if not _is_of_ray(name, value)}


def _is_of_ray(name: str, value: str) -> bool:
    """Whether Ray has set it for its own processes, and not whoever started Ray."""
    return name == "LD_PRELOAD" and all(part.endswith(_ALLOCATOR) for part in value.split(":"))
