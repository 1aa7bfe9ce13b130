"""Where build strings, versions and names of packages spell a CUDA.

Sources: the build strings of the channels conda-forge, pkgs/main, pytorch, nvidia, pyg and
rapidsai (``cuda129_mkl_...``, ``py3.10_cuda11.8_cudnn8.7.0_0``, ``py311cuda120h..._0_cuda``,
``py310_cu118``, ``cuda12_py311_...``), and names of wheels (``cupy-cuda12x``, ``spconv-cu118``).
"""

from __future__ import annotations

import re

from conda_preflight.pattern import lazy_pattern

_NUMBER = r"(?:(\d{1,2})\.(\d{1,2})|(1\d|[89])(\d)(?!\d)|(1\d)(?!\d))"
_BUILD = lazy_pattern(rf"(?:(?<![a-z])cuda|(?<![a-z0-9])cu)_?{_NUMBER}")
_NAME = lazy_pattern(rf"-cu(?:da)?-?{_NUMBER}(?:x|mkl)?(?=[-_]|$)")
_FOLDER = lazy_pattern(r"/cu(1\d|[89])(\d)/")


def cuda_of_build(text: str) -> str:
    """``12.9`` of ``cuda129_mkl_py312_0``, ``12`` where it has the major alone; empty for none."""
    return _joined(_BUILD.search(text))


def cuda_of_name(name: str) -> str:
    """``12`` of ``cupy-cuda12x``, ``11.8`` of ``spconv-cu118``; empty for none."""
    return _joined(_NAME.search(name))


def cuda_of_url(url: str) -> str:
    """``12.6`` of an index for one CUDA (``.../whl/cu126/torch-...``); empty for none."""
    return _joined(_FOLDER.search(url.partition("#")[0]))


def _joined(found: re.Match[str] | None) -> str:
    return ".".join(filter(None, found.groups())) if found else ""
