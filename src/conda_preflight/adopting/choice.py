"""Which lines of an environment are kept, and why; what somebody may have asked for is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from conda_preflight.adopting import brings
from conda_preflight.adopting.found import CONDA, Found, Key, Line
from conda_preflight.facts.brought import comes_with_all
from conda_preflight.facts.core_packages import CORE
from conda_preflight.plain import value_type

_CUDA = frozenset(("cudatoolkit", "pytorch-cuda", "pytorch-mutex", "cpuonly"))
_WITH_PYTHON = ("pip", "setuptools", "wheel")
_CORE = frozenset(CORE) - {"triton", "tokenizers", "tensorflow-base", "jaxlib", "keras"}


@value_type
class Choice:
    """A line, whether it is kept, and the reason in a few words."""

    line: Line
    kept: bool
    why: str


def choose(found: Found, imported: Mapping[Key, str]) -> tuple[Choice, ...]:
    """A choice for each line, in their order; ``imported`` says where code imports a package."""
    needs = found.needs if found.needs is not None else brings.needs(found.lines)
    keys = {line.key: None for line in found.lines}
    fixed = [key for key in keys if _reason(key, found, imported)]
    tops = list(_tops(keys, needs, fixed if found.asked else ()))
    needed = _needed_by(keys, needs)
    return tuple(_choice(line, found, imported, frozenset(tops), needed) for line in found.lines)


def _choice(
    line: Line,
    found: Found,
    imported: Mapping[Key, str],
    tops: frozenset[Key],
    needed: Mapping[Key, Key],
) -> Choice:
    if why := _reason(line.key, found, imported):
        return Choice(line, kept=True, why=why)
    is_variant = "*" in line.text  # as in _openmp_mutex=*=*_gnu, which somebody chose
    if line.half == CONDA and comes_with_all(line.name) and not is_variant:
        return Choice(line, kept=False, why="comes with every environment")
    if line.name in _WITH_PYTHON:
        return Choice(line, kept=False, why="comes with python")
    if line.key in tops:
        return Choice(line, kept=True, why="nothing here is known to need it")
    by = needed.get(line.key)
    return Choice(line, kept=False, why=f"{by[1]} needs it" if by else "what is kept needs it")


def _reason(key: Key, found: Found, imported: Mapping[Key, str]) -> str:
    """Why a line is kept whoever needs it, empty where nothing says so."""
    half, name = key
    if key == (CONDA, "python"):
        return "the interpreter"
    if key in imported:
        return f"imported in {imported[key]}"
    if key in found.asked:
        return "asked for by hand"
    if half == CONDA and name in _cuda(found):
        return "chooses the CUDA of the builds"
    return "decides what a model answers" if name in _CORE and not found.asked else ""


def _cuda(found: Found) -> frozenset[str]:
    """What chooses CUDA: the packages of older channels go before `cuda-version`."""
    here = {line.name for line in found.lines if line.half == CONDA}
    return _CUDA if here & _CUDA else frozenset(("cuda-version", "cuda-toolkit"))


def _tops(
    keys: Iterable[Key], needs: Mapping[Key, frozenset[Key]], fixed: Iterable[Key]
) -> Iterator[Key]:
    """Those that no other needs; of a circle that nothing else needs, the first."""
    left = dict.fromkeys(keys)
    needed = {other for key in left for other in needs.get(key, ()) if other != key}
    for key in fixed:
        _take(key, left, needs)
    for key in (*(k for k in list(left) if k not in needed), *list(left)):
        if key in left:
            yield key
            _take(key, left, needs)


def _take(key: Key, left: dict[Key, None], needs: Mapping[Key, frozenset[Key]]) -> None:
    """Strike a package and all that it brings."""
    todo = [key]
    while todo:
        each = todo.pop()
        if each in left:
            del left[each]
            todo.extend(needs.get(each, ()))


def _needed_by(keys: Iterable[Key], needs: Mapping[Key, frozenset[Key]]) -> dict[Key, Key]:
    """One that needs it, for each."""
    found: dict[Key, Key] = {}
    for key in keys:
        for other in needs.get(key, ()):
            if other != key:
                found.setdefault(other, key)
    return found
