"""A ``kustomization.yaml``: which manifests are put together, and what is written over them.

What it says of images is read by ``grammar.kustomization`` where a rule asks.
"""

from __future__ import annotations

from conda_preflight.documents import Layout, Source
from conda_preflight.grammar.kustomization import is_kustomization

KIND = "kustomization.yaml"


def recognizes(source: Source) -> bool:
    """By its name."""
    return is_kustomization(source.path)


def read(source: Source) -> list[Layout]:
    """A Layout, so that the report says what the file was taken for; never raises."""
    return [Layout(source.path, KIND)]
