"""Which library of bitsandbytes is loaded for a torch.

Source: ``bitsandbytes/cextension.py`` in bitsandbytes-foundation/bitsandbytes: the exact CUDA of
torch before 0.50.0, then the nearest in the same major.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from conda_preflight.documents import Package
from conda_preflight.documents.stack import Need
from conda_preflight.facts.bitsandbytes import libraries, library
from conda_preflight.fitting.numbers import Numbers, numbers

_NEAREST_SINCE = (0, 50)


def shipped(version: str) -> tuple[str, ...]:
    """The CUDA of each library in a release's wheel ("12.6"); empty where that is not known."""
    return libraries().get(version, ())


def library_for(version: str, cuda: str) -> str:
    """The CUDA of the library that is loaded beside a torch of a CUDA, empty where none is."""
    has, need = shipped(version), numbers(cuda)[:2]
    if cuda in has or len(need) < 2:  # noqa: PLR2004
        return cuda
    if numbers(version) < _NEAREST_SINCE:
        return ""
    same = sorted(numbers(each) for each in has if numbers(each)[0] == need[0])
    below = [each for each in same if each <= need]
    return _text(below[-1] if below else same[0]) if same else ""


def _text(version: Numbers) -> str:
    return ".".join(map(str, version))


def completed(needs: Mapping[Package, Need]) -> dict[Package, Need]:
    """The needs with what only the others tell: bitsandbytes loads a library by torch's CUDA."""
    torch = next((n for n in needs.values() if n.package.name in ("torch", "pytorch")), None)
    found = dict(needs)
    for package, need in needs.items():
        if package.name == "bitsandbytes" and torch and torch.cuda:
            found[package] = _library(need, torch.cuda)
    return found


def _library(need: Need, cuda: str) -> Need:
    row = library(need.package.version, library_for(need.package.version, cuda))
    if row is None:
        return need
    greater = max((need.glibc, row.glibc), key=numbers)
    return replace(need, cuda=row.cuda, compiled=row.compiled, glibc=greater)
