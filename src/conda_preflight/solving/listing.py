"""What a channel has now of some packages, whichever library asks it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from conda_preflight.documents import Package
from conda_preflight.plain import document_type
from conda_preflight.solving.question import Untried


@document_type
class Listing:
    """The records of some names in one subdir of a channel, by file name.

    ``removed`` are files of these names that the channel says it took back. Of a package
    that is there as ``.conda`` and as ``.tar.bz2`` only the first may be listed.
    """

    records: Mapping[str, Package]
    removed: frozenset[str] = frozenset()


class Repodata(Protocol):
    """Whatever reads the indexes of channels; the same question twice costs once."""

    def listing(self, channel: str, subdir: str, names: frozenset[str]) -> Listing | Untried:
        """What the channel of that URL has; it never raises."""
        ...
