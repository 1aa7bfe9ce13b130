"""Which tier of an image a package belongs to: what rarely changes lies below what often does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from conda_preflight.dependency_graph import VIRTUAL, Graph
from conda_preflight.documents import Package
from conda_preflight.facts.framework_builds import FAMILIES
from conda_preflight.pattern import lazy_pattern

TIERS = ("runtime", "cuda", "framework", "task")
"""From the bottom up: Python and what it needs, CUDA's libraries, a framework, all the rest."""

_CUDA = lazy_pattern(
    r"(?:cuda|cudnn|nccl|cutensor|cusparselt|libcu(?:blas|fft|file|rand|solver|sparse|dnn|dss)"
    r"|libnv|libnpp|nvidia|tensorrt|triton)(?:[-_.].*|\d.*|jitlink.*|jpeg.*|fatbin.*|shmem.*)?"
)
_FRAMEWORKS = frozenset(name for names in FAMILIES.values() for name in names)
_ROOTS = ("python",)


def tiers(graph: Graph) -> dict[Package, str]:
    """The tier of each package: the lowest one of those that need it.

    What a file does not tell dependencies of goes by its name alone.
    """
    found: dict[Package, str] = {}
    packages = [p for p in graph.packages if p.manager != VIRTUAL]
    _mark(found, "runtime", [p for p in packages if p.name in _ROOTS], graph.needs)
    for package in packages:
        if _CUDA.fullmatch(package.name):
            found.setdefault(package, "cuda")
    _mark(found, "framework", [p for p in packages if p.name in _FRAMEWORKS], graph.needs)
    return {package: found.get(package, "task") for package in packages}


def _mark(
    found: dict[Package, str],
    tier: str,
    roots: Iterable[Package],
    needs: Mapping[Package, Mapping[Package, str]],
) -> None:
    """Give a tier to the roots and all that they need, unless they have one."""
    todo = list(roots)
    while todo:
        package = todo.pop()
        if package in found or package.manager == VIRTUAL:
            continue
        found[package] = tier
        todo.extend(needs.get(package, ()))
