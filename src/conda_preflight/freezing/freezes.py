"""How the prefixes of an audit are frozen, for the checks that ask."""

from __future__ import annotations

from conda_preflight.documents.freeze import Freeze
from conda_preflight.per_prefix import PerPrefix


class Freezes(PerPrefix[Freeze]):
    """The freeze of each prefix, read when it is first asked for."""
