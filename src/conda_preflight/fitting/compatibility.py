"""Packages of forward compatibility in an environment."""

from __future__ import annotations

from collections.abc import Iterable

from conda_preflight.documents import Package
from conda_preflight.documents.stack import Need, Stack
from conda_preflight.fitting.numbers import numbers, reaches

_NAMES = ("cuda-compat", "cuda-compat-impl")


def compatibility(stack: Stack) -> Package | None:
    """The package that brings a newer libcuda, whose version is that of its CUDA."""
    return next(iter(stack.named(*_NAMES)), None)


def serves(package: Package, need: Need) -> bool:
    """Whether it supports the CUDA of a need."""
    return reaches(numbers(package.version)[:2], numbers(need.cuda)[:2])


def brings_compatibility(stack: Stack, needs: Iterable[Need]) -> bool:
    """Whether a package of the environment supports the CUDA of all these needs."""
    package = compatibility(stack)
    return package is not None and all(serves(package, need) for need in needs)
