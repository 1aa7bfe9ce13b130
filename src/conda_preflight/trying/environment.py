"""What a trial inherits: what production would, with caches where they can be thrown away."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

_CACHES = (
    "TMPDIR",
    "XDG_CACHE_HOME",
    "TORCHINDUCTOR_CACHE_DIR",
    "TORCH_EXTENSIONS_DIR",
    "TRITON_CACHE_DIR",
    "CUDA_CACHE_PATH",
    "HF_HOME",
    "VLLM_CACHE_ROOT",
    "MPLCONFIGDIR",
)
_SET = {
    "PYTHONDONTWRITEBYTECODE": "1",
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "DO_NOT_TRACK": "1",
    "VLLM_NO_USAGE_STATS": "1",
    "XLA_PYTHON_CLIENT_PREALLOCATE": "false",
    "TF_FORCE_GPU_ALLOW_GROWTH": "true",
}
_HIDE = ("CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES")
_NOT_INHERITED = ("VIRTUAL_ENV", "PYTHONSTARTUP", "PYTHONINSPECT")


def environment(
    given: Mapping[str, str], prefix: Path, scratch: Path, device: str
) -> dict[str, str]:
    """The variables of whoever asks, as an activated prefix would have them.

    Its programs come first; scripts of ``activate.d`` are not run. Nothing is downloaded,
    told to anybody or written outside of ``scratch``. With the device "cpu" no GPU is seen.
    """
    found = {name: text for name, text in given.items() if name not in _NOT_INHERITED}
    path = found.get("PATH", os.defpath)
    found |= {"PATH": f"{prefix / 'bin'}{os.pathsep}{path}", "CONDA_PREFIX": str(prefix)}
    found |= _SET | dict.fromkeys(_CACHES, str(scratch))
    if device == "cpu":
        found |= dict.fromkeys(_HIDE, "-1")
    return found
