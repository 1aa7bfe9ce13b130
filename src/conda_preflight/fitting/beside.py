"""What a conda package leaves to the packages beside it: the CUDA of the environment.

A solver takes a build for CUDA only with a ``cuda-version`` or ``cudatoolkit`` that it was built
for; in an explicit list, where no dependencies stand, these alone say which that is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from conda_preflight.documents import Package
from conda_preflight.documents.stack import Need

_RUNTIMES = ("cuda-version", "cudatoolkit", "pytorch-cuda")


def with_runtime(needs: Mapping[Package, Need]) -> dict[Package, Need]:
    """The needs, with the CUDA of the environment where a build for CUDA says none itself."""
    found = dict(needs)
    open_ones = [p for p, n in needs.items() if n.flavour == "cuda" and not n.cuda]
    conda = [package for package in open_ones if package.manager == "conda"]
    cuda = _runtime(needs) if conda else ""
    for package in conda if cuda else ():
        found[package] = replace(found[package], cuda=cuda, rule="bound by the CUDA beside it")
    return found


def _runtime(needs: Mapping[Package, Need]) -> str:
    of = {p.name: need.cuda for p, need in needs.items() if p.manager == "conda"}
    return next((of[name] for name in _RUNTIMES if name in of), "")
