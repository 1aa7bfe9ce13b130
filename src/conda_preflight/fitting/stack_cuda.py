"""Which CUDA an environment needs as a whole."""

from __future__ import annotations

from conda_preflight.documents.stack import Need, Stack
from conda_preflight.fitting.blame import by_cuda
from conda_preflight.fitting.numbers import numbers


def stack_cuda(stack: Stack) -> str:
    """The newest CUDA that a build or a runtime of a stack needs; empty where none needs any.

    Where the builds state no more than bounds or a major, conda's ``cuda-version`` of that
    major is what they run with.
    """
    needs = by_cuda(stack)
    versions = [need.cuda for need in needs]
    if not any(map(_is_exact, needs)):
        majors = {version.partition(".")[0] for version in versions}
        chosen = (n.cuda for n in stack.needs if n.package.name == "cuda-version")
        versions += [cuda for cuda in chosen if cuda.partition(".")[0] in majors]
    return max(versions, key=numbers, default="")


def _is_exact(need: Need) -> bool:
    return "." in need.cuda and not need.rule.startswith("bound")
