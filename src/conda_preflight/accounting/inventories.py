"""The inventories of the prefixes of an audit, for the checks that ask for one."""

from __future__ import annotations

from conda_preflight.documents.inventory import Inventory
from conda_preflight.per_prefix import PerPrefix


class Inventories(PerPrefix[Inventory]):
    """The packages of a prefix with the files of each."""
