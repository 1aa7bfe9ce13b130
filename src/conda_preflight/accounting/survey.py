"""A prefix by its records and by its disk, side by side."""

from __future__ import annotations

from collections.abc import Mapping

from conda_preflight.accounting.claims import Claims, claims
from conda_preflight.documents.inventory import Inventory
from conda_preflight.documents.tree import Tree
from conda_preflight.plain import document_type


@document_type
class Survey:
    """What belongs together; ``index`` is the place of each path in the tree.

    ``roots`` are the absolute names of the prefix, the one that was given first.
    """

    inventory: Inventory
    claims: Claims
    tree: Tree
    index: Mapping[str, int]
    roots: tuple[str, ...]


def survey(
    inventory: Inventory, tree: Tree, index: Mapping[str, int], roots: tuple[str, ...]
) -> Survey:
    """The records and the tree of one prefix."""
    return Survey(inventory, claims(inventory), tree, index, roots)
