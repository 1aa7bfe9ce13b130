"""The libraries in the wheels of bitsandbytes, one for each CUDA."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from conda_preflight.documents.stack import Compiled
from conda_preflight.facts.compiled import compiled
from conda_preflight.facts.table import table
from conda_preflight.plain import value_type


@value_type
class Library:
    """One library: ``glibc`` is what it needs, empty where that is no more than its wheel says."""

    cuda: str
    compiled: Compiled | None
    glibc: str


@cache
def libraries() -> Mapping[str, tuple[str, ...]]:
    """The CUDA of each library, by release."""
    return {version: tuple(found) for version, found in _by_release().items()}


def library(version: str, cuda: str) -> Library | None:
    """The library of a release for a CUDA, None where it is not there or not known."""
    return _by_release().get(version, {}).get(cuda)


@cache
def _by_release() -> dict[str, dict[str, Library]]:
    found: dict[str, dict[str, Library]] = {}
    for row in table("bitsandbytes_libraries"):
        entry = Library(row["cuda"], compiled(row), row["glibc"])
        found.setdefault(row["version"], {})[row["cuda"]] = entry
    return found
