"""How many accelerators a container asks for.

Source: "Schedule GPUs" and "Extended resources" of the documentation of Kubernetes: extended
resources are whole numbers, and stand in limits, or in both with the same amount.
"""

from __future__ import annotations

from conda_preflight.documents import Container
from conda_preflight.pattern import lazy_pattern

_RESOURCE = lazy_pattern(
    r"[a-z0-9.-]{1,100}/(?:v?gpu|mig-|neuron|tpu|gaudi|npu|i915|xe\b|ascend|dcu|mlu)[\w.-]{0,100}"
)
_WHOLE = lazy_pattern(r"[a-z0-9.-]{1,100}/v?gpu(?:\.shared)?")
_NUMBER = lazy_pattern(r"\d{1,4}")


def is_gpu(resource: str) -> bool:
    """Whether a resource is an accelerator: ``nvidia.com/gpu``, ``nvidia.com/mig-1g.10gb``."""
    return bool(_RESOURCE.match(resource.lower()))


def asks_gpu(container: Container) -> bool:
    """Whether it asks for an accelerator, by a limit, a request or a claimed device."""
    asked = {**container.requests, **container.limits}
    return bool(container.claims) or any(
        is_gpu(resource) and amount.text != "0" for resource, amount in asked.items()
    )


def gpus(container: Container) -> int:
    """How many GPUs it has as limits, no slices, no other accelerators; a claim counts as one."""
    whole = [a.text for r, a in container.limits.items() if _WHOLE.fullmatch(r.lower())]
    counted = sum(int(text) for text in whole if _NUMBER.fullmatch(text))
    return counted or int(bool(container.claims))
