"""Who says that a path is his: the records of a prefix turned around."""

from __future__ import annotations

from dataclasses import field

from conda_preflight.documents.inventory import Inventory, OwnedFile, Owner
from conda_preflight.plain import document_type


@document_type
class Claims:
    """The file that each path must be, with its owner, and further ones of the same path."""

    first: dict[str, tuple[Owner, OwnedFile]] = field(default_factory=dict)
    further: dict[str, list[tuple[Owner, OwnedFile]]] = field(default_factory=dict)


def claims(inventory: Inventory) -> Claims:
    """Those of all owners; a package that was replaced comes after all others."""
    found = Claims({}, {})
    first = found.first
    for owner in sorted(inventory.owners, key=lambda each: bool(each.replaced_by)):
        for file in owner.files:
            path = file.path
            if path not in first:
                first[path] = (owner, file)
            elif first[path][0] is not owner and not owner.replaced_by:
                found.further.setdefault(path, []).append((owner, file))
    return found
