"""What a fact sheet says of its GPUs."""

from __future__ import annotations

from functools import lru_cache

from conda_preflight.documents import GPU, Host
from conda_preflight.errors import Skip
from conda_preflight.facts.gpus import find
from conda_preflight.fitting.capability import Capability, capability
from conda_preflight.plain import value_type


@value_type
class Card:
    """A GPU of NVIDIA's with its capability; ``kind`` is that of the table, empty if unknown."""

    name: str
    capability: Capability
    kind: str = ""

    @property
    def title(self) -> str:
        """``A100 (8.0)``."""
        short = self.name.partition(" (")[0] or "a GPU"
        return f"{short} ({'.'.join(map(str, self.capability))})"


def nvidia_cards(host: Host) -> tuple[Card, ...]:
    """The GPUs of NVIDIA's, one for each kind.

    Raises Skip where the sheet does not say its GPUs, or a GPU has no capability and no known
    name.
    """
    if host.gpus is None:
        raise Skip("the target does not say which GPUs it has")
    return _cards(host.gpus)


@lru_cache(maxsize=4096)
def _cards(gpus: tuple[GPU, ...]) -> tuple[Card, ...]:
    cards = dict.fromkeys(filter(None, map(_card, dict.fromkeys(gpus))))
    if gpus and not cards and not all(map(is_foreign, gpus)):
        raise Skip("the target does not say which capability its GPU has")
    return tuple(cards)


def is_foreign(gpu: GPU) -> bool:
    """Whether it is of another maker than NVIDIA."""
    words = gpu.name.lower().split()
    return gpu.capability.startswith("gfx") or any(w in ("amd", "apple", "intel") for w in words)


def _card(gpu: GPU) -> Card | None:
    model = None if is_foreign(gpu) else find(gpu.name)
    text = gpu.capability or (model.capability if model else "")
    found = capability(text)
    return Card(gpu.name, found, model.kind if model else "") if found else None
