"""Compilers that are found by PATH, which kernels made at run time need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from conda_preflight.pattern import lazy_pattern
from conda_preflight.probing.machine import Fact, Machine

_COMPILERS = ("cc", "gcc", "clang")
_TOOLKIT = lazy_pattern(
    r'"cuda"[^{}]{0,20}\{[^{}]{0,400}?"version"\s{0,10}:\s{0,10}"(\d{1,3}\.\d{1,3})'
)
_MAX_FOLDERS = 200


def facts(machine: Machine, environment: Mapping[str, str]) -> Iterator[Fact]:
    """``tool.cc`` and ``tool.nvcc``: ``yes`` or ``no``, and ``tool.nvcc.version``."""
    folders = [f for f in environment.get("PATH", "").split(":") if f.startswith("/")]
    folders = folders[:_MAX_FOLDERS]
    if not folders:
        return
    has_cc = any(
        machine.is_program(f"{folder}/{name}") for folder in folders for name in _COMPILERS
    )
    yield "tool.cc", "yes" if has_cc or environment.get("CC") else "no"
    home = environment.get("CUDA_HOME") or environment.get("CUDA_PATH") or "/usr/local/cuda"
    places = (*folders, f"{home.rstrip('/')}/bin") if home.startswith("/") else folders
    found = next((folder for folder in places if machine.is_program(f"{folder}/nvcc")), "")
    yield "tool.nvcc", "yes" if found else "no"
    about = machine.text(f"{found.rpartition('/')[0]}/version.json") if found else None
    if hit := _TOOLKIT.search(about or ""):
        yield "tool.nvcc.version", hit[1]
