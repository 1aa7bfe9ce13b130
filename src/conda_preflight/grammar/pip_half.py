"""Which lines of a manifest ask conda and pip for the same project, wherever both count."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.documents import Manifest, Requirement, Spec
from conda_preflight.facts.names import projects_of


def shared(manifest: Manifest) -> Iterator[tuple[Spec, Requirement]]:
    """Each requirement with the first conda spec that brings the same project.

    Lines that are both for some platforms only are left out: they may exclude each other.
    """
    brought: dict[str, Spec] = {}
    for spec in manifest.specs:
        for project in projects_of(spec.name) if spec.name else ():
            brought.setdefault(project, spec)
    for req in manifest.pip:
        spec_or_none = brought.get(req.name) if req.name else None
        if spec_or_none and not (spec_or_none.selector and is_conditional(req)):
            yield spec_or_none, req


def is_conditional(req: Requirement) -> bool:
    """Whether the line counts on some machines only."""
    return bool(req.marker or req.selector)
