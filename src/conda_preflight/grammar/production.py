"""Where an environment runs, as far as its name and its place tell."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from conda_preflight.documents import Host, Manifest, Prefix, Project
from conda_preflight.grammar.environment_name import purpose

PRODUCTION, IMAGE, ELSEWHERE = "production", "image", "elsewhere"


def place_of(prefix: Prefix, project: Project, purposes: Sequence[str]) -> str:
    """PRODUCTION by the folder's name or the only manifest's, else IMAGE in one, else ELSEWHERE."""
    manifests = project.of(Manifest)
    name = manifests[0].name if len(manifests) == 1 else None
    names = (posixpath.basename(prefix.path.rstrip("/")), name.text if name else "")
    if any(purpose(each) in purposes for each in names if each):
        return PRODUCTION
    return IMAGE if in_image(project) else ELSEWHERE


def in_image(project: Project) -> bool:
    """Whether what is audited lies in an image, or in the root of a system."""
    return any(host.container and not host.node for host in project.of(Host))
