"""The processor: its level and how many of them may be used."""

from __future__ import annotations

import os
from collections.abc import Iterator

from conda_preflight.facts.loader import LEVELS
from conda_preflight.pattern import lazy_pattern
from conda_preflight.probing.machine import Fact, Machine

_MODEL = lazy_pattern(r"(?m)^model name\s{0,20}:\s{0,20}([^\n]{1,100})")
_PROCESSOR = lazy_pattern(r"(?m)^processor\s{0,20}:")
_FLAGS = lazy_pattern(r"(?m)^flags\s{0,20}:\s{0,20}([^\n]{1,10000})")


def archspec(machine: Machine) -> str:
    """The level of an x86-64 processor as archspec names it, empty for others."""
    found = _FLAGS.search(machine.text("/proc/cpuinfo") or "")
    if not found or "lm" not in (flags := set(found[1].split())):
        return ""
    best = next((level.name for level in LEVELS if level.flags <= flags), "x86-64")
    return best.replace("-", "_")


def facts(machine: Machine) -> Iterator[Fact]:
    """``cpu.model`` and ``cpu.count``: those that this process may use, where it runs there."""
    text = machine.text("/proc/cpuinfo") or ""
    if found := _MODEL.search(text):
        yield "cpu.model", found[1].strip()
    count = len(_PROCESSOR.findall(text))
    if machine.is_here and hasattr(os, "sched_getaffinity"):
        count = len(os.sched_getaffinity(0))
    if count:
        yield "cpu.count", str(count)
