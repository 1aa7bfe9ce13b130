"""NVIDIA's drivers: what each toolkit asks of them, and how long a branch is kept up."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from conda_preflight.facts.table import table
from conda_preflight.plain import value_type


@value_type
class Toolkit:
    """A CUDA toolkit with the oldest drivers that serve all of it; empty where unknown.

    A driver can be a branch alone ("610").
    """

    cuda: str
    linux: str
    windows: str


@value_type
class Branch:
    """A branch of drivers: ``ends`` is the month in which its support ended or will, or empty."""

    branch: str
    kind: str
    ends: str


@cache
def toolkits() -> tuple[Toolkit, ...]:
    """Every toolkit, the newest first."""
    return tuple(Toolkit(row["cuda"], row["linux"], row["windows"]) for row in table("toolkits"))


@cache
def minor_compatibility() -> Mapping[int, Toolkit]:
    """The oldest drivers that run every toolkit of a major, by that major."""
    return {
        int(row["major"]): Toolkit(row["major"], row["linux"], row["windows"])
        for row in table("minor_compatibility")
    }


@cache
def branches() -> Mapping[str, Branch]:
    """Driver branches by their number: "535"."""
    rows = table("driver_branches")
    return {row["branch"]: Branch(row["branch"], row["kind"], row["ends"]) for row in rows}


@cache
def forward_bases() -> frozenset[str]:
    """The branches on which packages of forward compatibility are supported."""
    return frozenset(row["branch"] for row in table("forward_compatibility"))


@cache
def forward_compatibility() -> Mapping[tuple[str, str], str]:
    """What NVIDIA says of a cuda-compat package on a branch: (cuda, branch) to the verdict."""
    rows = table("forward_compatibility")
    return {(row["cuda"], row["branch"]): row["verdict"] for row in rows}
