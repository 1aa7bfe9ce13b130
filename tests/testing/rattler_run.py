"""Solves, and installs when a prefix is given, with the library that conda's successors use.

It runs as a program of its own: the library must not be used in a process that forks later.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import sys
import time
from pathlib import Path

from rattler import Gateway, VirtualPackage, install, solve

atexit.register(time.sleep, 0.15)  # its threads may still run when the interpreter goes


async def run(channels, specs, platforms, cache, prefix):
    records = await solve(
        channels,
        specs,
        gateway=Gateway(cache_dir=Path(cache, "repodata")),
        platforms=platforms,
        virtual_packages=VirtualPackage.detect(),
    )
    if prefix:
        await install(records, prefix, cache_dir=Path(cache, "packages"), show_progress=False)
    return [[r.name.normalized, str(r.version), r.subdir, r.channel, r.size] for r in records]


json.dump(asyncio.run(asyncio.wait_for(run(**json.load(sys.stdin)), 60)), sys.stdout)
