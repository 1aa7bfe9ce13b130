"""Which containers of a workload can be judged, and by what."""

from __future__ import annotations

from conda_preflight.documents import Container, Name, Workload
from conda_preflight.errors import Skip
from conda_preflight.pattern import lazy_pattern

_OPEN = lazy_pattern(r"\{\{|\$|<[A-Za-z]|%[A-Za-z]|__\w+__")


def containers(workload: Workload) -> tuple[Container, ...]:
    """All containers; raises Skip for a template, of which nothing is known."""
    if workload.is_template:
        raise Skip("a template: audit what it makes (`helm template CHART > all.yaml`)")
    return workload.containers


def whole(workload: Workload) -> tuple[Container, ...]:
    """The containers that run, as they will be; raises Skip for a template and for a patch."""
    containers(workload)
    if workload.is_part:
        raise Skip("a patch: audit what it is merged into (`kubectl kustomize FOLDER > all.yaml`)")
    return workload.main


def is_open(text: str) -> bool:
    """Whether a value is still to be filled in (``{{x}}``, ``${IMAGE}``, ``<image>``)."""
    return bool(_OPEN.search(text))


def secured(workload: Workload, container: Container, key: str) -> Name | None:
    """What a ``securityContext`` says of a key: the container's own before the pod's."""
    return container.security.get(key) or workload.security.get(key)


def named(container: Container) -> str:
    """How a sentence calls a container."""
    return f"the container {container.name}" if container.name else "a container"
