"""Targets by name: GPUs as their makers sell them, and machines without one.

What a name does not tell is left unknown: the driver, the C library, and the memory of a GPU
that is sold with several.
"""

from __future__ import annotations

from collections.abc import Mapping

from conda_preflight.facts.gpus import GPUModel, find, gpus
from conda_preflight.pattern import lazy_pattern

_MIB = 1024
_NO_GPU: Mapping[str, Mapping[str, object]] = {
    "cpu": {"os": "linux", "arch": "x86_64", "gpus": []},
    "cpu-aarch64": {"os": "linux", "arch": "aarch64", "gpus": []},
    "apple": {"os": "darwin", "arch": "arm64", "gpus": []},
    "windows-cpu": {"os": "windows", "arch": "x86_64", "gpus": []},
}
_JETSONS = {
    "jetson": "Jetson AGX Orin",
    "jetson-orin": "Jetson AGX Orin",
    "jetson-thor": "Jetson T5000 (Thor)",
}
_MEMORY = lazy_pattern(r"\b(\d{1,4})\s?g[bi]b?\b")


def preset(name: str) -> dict[str, object] | None:
    """The facts of a target of that name, as a sheet has them; None where there is none.

    ``a100``, ``RTX 4090``, ``a100-40gb`` (with its memory), ``cpu``, ``apple``.
    """
    word = name.strip().lower()
    if word in _NO_GPU:
        return {"name": word, **_NO_GPU[word]}
    model, memory = _model(_JETSONS.get(word, word))
    if model is None:
        return None
    gpu: dict[str, object] = {"name": model.name, "capability": model.capability}
    sizes = [memory] if memory else model.memory_gb
    if len(sizes) == 1:
        gpu["memory_mib"] = sizes[0] * _MIB
    return {"name": word, "os": "linux", "arch": model.arch, "gpus": [gpu]}


def _model(word: str) -> tuple[GPUModel | None, int]:
    """The GPU of that name, and the memory in GB where the name has it."""
    sized = _MEMORY.search(word)
    model = find(word)
    memory = int(sized[1]) if sized and model else 0
    if model and memory and model.memory_gb and memory not in model.memory_gb:
        return None, 0
    return model, memory


def names() -> tuple[str, ...]:
    """What presets are called, machines without a GPU first."""
    short = (model.name.partition("(")[0].partition("/")[0] for model in gpus())
    plain = (name.lower().replace("geforce ", "").strip().replace(" ", "-") for name in short)
    return tuple(dict.fromkeys((*_NO_GPU, *_JETSONS, *plain)))
