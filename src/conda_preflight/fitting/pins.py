"""The exact pins of a requirements file as packages, for a platform."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from conda_preflight.documents import Package, Requirement, Requirements
from conda_preflight.installation import Installation, Place, with_pip_half
from conda_preflight.pattern import lazy_pattern

_INDEX = lazy_pattern(r"/whl/(?:[a-z]+/)?(cu\d{2,3}|cpu|rocm\d[\d.]*|xpu)(?:/|$)")
_OF_PYTORCH = frozenset(("torch", "torchvision", "torchaudio", "xformers"))


def pinned(requirements: Requirements, subdir: str) -> Installation:
    """What is pinned exactly; an index of PyTorch's for one CUDA gives torch its local version.

    pip takes the highest version of all indexes, and 2.1.2+cu118 is higher than 2.1.2.
    """
    found = with_pip_half(Installation(Place("", subdir), (), subdir), requirements)
    label = _label(requirements.pip)
    exact = (package for package in found.packages if package.version)
    return replace(found, packages=tuple(_labelled(package, label) for package in exact))


def _label(lines: Sequence[Requirement]) -> str:
    """``cu118`` where an option names that index of PyTorch's."""
    values = (line.value for line in lines if line.option and "pytorch.org" in line.value)
    return next((found[1] for value in values if (found := _INDEX.search(value))), "")


def _labelled(package: Package, label: str) -> Package:
    plain = label and package.name in _OF_PYTORCH and "+" not in package.version
    return replace(package, version=f"{package.version}+{label}") if plain else package
