"""What Python imports from outside of the prefixes of an audit, for the check that asks."""

from __future__ import annotations

from conda_preflight.documents.outside import Outside
from conda_preflight.per_prefix import PerPrefix


class Outsides(PerPrefix[Outside]):
    """The folders beyond a prefix that its Python looks into."""
