"""All documents of one audited directory."""

from __future__ import annotations

from typing import TypeAlias, TypeVar

from conda_preflight.documents.commands import Dockerfile, Script
from conda_preflight.documents.condarc import Condarc
from conda_preflight.documents.host import Host
from conda_preflight.documents.lock import Lock, Prefix
from conda_preflight.documents.manifest import Manifest, Requirements
from conda_preflight.documents.model import Model
from conda_preflight.documents.place import Location
from conda_preflight.documents.revision import Revision
from conda_preflight.documents.sbom import Sbom
from conda_preflight.documents.source import Layout, Source, Unreadable
from conda_preflight.documents.waiver import Waiver
from conda_preflight.documents.workload import Workload
from conda_preflight.plain import document_type

D = TypeVar("D")


@document_type
class Project:
    """All documents of one audited directory, and which of them belong together.

    ``path`` is "." for a whole directory, whose name is ``name``, else the file's name;
    ``tracked`` are the paths under version control, None when that is not known;
    ``platforms`` and ``target`` are what the settings say the project must run on.
    """

    path: str
    location: Location
    documents: tuple[Document, ...] = ()
    pairs: tuple[tuple[Manifest, Lock], ...] = ()
    tracked: frozenset[str] | None = None
    platforms: tuple[str, ...] = ()
    name: str = ""

    def of(self, kind: type[D]) -> tuple[D, ...]:
        """The documents of this type, in path order."""
        return tuple(doc for doc in self.documents if isinstance(doc, kind))

    def locks_of(self, manifest: Manifest) -> tuple[Lock, ...]:
        """The locks that belong to this manifest."""
        return tuple(lock for owner, lock in self.pairs if owner is manifest)

    def manifest_of(self, lock: Lock) -> Manifest | None:
        """The manifest that this lock belongs to."""
        return next((owner for owner, other in self.pairs if other is lock), None)


Document: TypeAlias = (
    Source
    | Unreadable
    | Layout
    | Manifest
    | Requirements
    | Lock
    | Prefix
    | Sbom
    | Dockerfile
    | Script
    | Workload
    | Condarc
    | Host
    | Model
    | Revision
    | Waiver
    | Project
)
