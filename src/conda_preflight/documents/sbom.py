"""What somebody else says is installed: a software bill of materials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from conda_preflight.documents.lock import Package
from conda_preflight.documents.place import Location
from conda_preflight.plain import document_type


@document_type
class Sbom:
    """What a software bill of materials lists.

    It is no lock: nothing is installed from it, so no rule about locks judges it. ``kind`` is
    "cyclonedx" or "spdx"; ``version`` the format's; ``packages`` are those of conda and of PyPI,
    by their package URLs; ``others`` counts the components of other kinds by the type of their
    package URL, an empty text for those that have none.
    """

    path: str
    kind: str
    version: str
    location: Location
    packages: tuple[Package, ...] = ()
    name: str = ""
    others: Mapping[str, int] = field(default_factory=dict)
