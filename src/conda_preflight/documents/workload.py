"""What a cluster is told to run: the pods of a Kubernetes manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from conda_preflight.documents.commands import Command
from conda_preflight.documents.place import Location, Name
from conda_preflight.plain import document_type


@document_type
class Container:
    """One container of a pod, with what its manifest says and nothing that a cluster adds.

    ``commands`` are those of ``command`` and ``args``, a shell's text taken apart, ``words``
    the items as written. ``variables`` are literal values by name. ``requests`` and ``limits``
    are amounts by resource, ``claims`` the names of claimed devices (DRA); ``mounts`` maps a
    path to a volume; ``security`` is its ``securityContext``, plain values by key.
    """

    name: str
    location: Location
    image: Name | None = None
    is_init: bool = False
    words: tuple[Name, ...] = ()
    commands: tuple[Command, ...] = ()
    variables: tuple[tuple[Name, str], ...] = ()
    requests: Mapping[str, Name] = field(default_factory=dict)
    limits: Mapping[str, Name] = field(default_factory=dict)
    claims: tuple[str, ...] = ()
    mounts: Mapping[str, str] = field(default_factory=dict)
    security: Mapping[str, Name] = field(default_factory=dict)
    pull_policy: str = ""


@document_type
class Workload:
    """One pod, or the template of pods, in an object of a Kubernetes manifest.

    ``resource`` is the object's kind (``Deployment``) and ``name`` its name; ``settings`` are
    plain values of the pod by key (``hostPID``), ``security`` those of its ``securityContext``,
    ``limits`` what all containers share;
    ``volumes`` maps a name to its kind and its medium or path (``("emptyDir", "Memory")``).
    ``is_part`` is true for a patch, whose containers are completed by another file,
    ``is_template`` for a file that Helm or another program has still to fill in: nothing else
    is known of that one.
    """

    path: str
    location: Location
    resource: str = ""
    name: str = ""
    containers: tuple[Container, ...] = ()
    settings: Mapping[str, Name] = field(default_factory=dict)
    security: Mapping[str, Name] = field(default_factory=dict)
    limits: Mapping[str, Name] = field(default_factory=dict)
    volumes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    is_part: bool = False
    is_template: bool = False

    @property
    def title(self) -> str:
        """``Deployment chat``; the kind alone where it has no name."""
        return f"{self.resource} {self.name}".strip()

    @property
    def main(self) -> tuple[Container, ...]:
        """The containers that run, without those that prepare them."""
        return tuple(each for each in self.containers if not each.is_init)
