"""What the loader does in the prefixes of an audit, for the checks that ask for it."""

from __future__ import annotations

from conda_preflight.documents import Prefix
from conda_preflight.documents.libraries import Libraries
from conda_preflight.errors import Skip
from conda_preflight.per_prefix import PerPrefix


class Loaders(PerPrefix[Libraries]):
    """The libraries of a prefix."""

    def of(self, prefix: Prefix) -> Libraries:
        """What was read; raises Skip where the prefix is not here or has no library."""
        found = super().of(prefix)
        if not found.objects:
            raise Skip("the environment has no program and no library of Linux")
        return found
