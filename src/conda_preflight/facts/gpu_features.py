"""Precisions and kernels, and the GPUs that have them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from conda_preflight.facts.table import table
from conda_preflight.plain import value_type


@value_type
class Feature:
    """What is needed of a GPU; ``least`` and ``most`` are capabilities, ``most`` may be empty."""

    title: str
    least: str
    most: str = ""

    @property
    def wording(self) -> str:
        """``capability 8.0 or more``."""
        if self.most:
            return f"capability {self.least}" + (f" to {self.most}" * (self.most != self.least))
        return f"capability {self.least} or more"


@cache
def features() -> Mapping[str, Feature]:
    """Every feature by the word that settings say."""
    rows = table("gpu_features")
    return {row["word"]: Feature(row["title"], row["least"], row["most"]) for row in rows}
