"""What became of a manifest and its lock since a revision of git's."""

from __future__ import annotations

from conda_preflight.documents.place import Location
from conda_preflight.plain import document_type


@document_type
class Revision:
    """What changed in a manifest and in its lock since a git revision (``audit --since``).

    ``path`` and ``location`` are those of the lock; ``asked`` are the changed lines of the
    manifest that a lock is made from, ``locked`` the names of the packages that changed.
    """

    path: str
    location: Location
    since: str
    manifest: Location
    asked: tuple[str, ...] = ()
    locked: tuple[str, ...] = ()
