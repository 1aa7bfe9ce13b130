"""The verifications of the prefixes of an audit, for the checks that ask for one."""

from __future__ import annotations

from conda_preflight.documents.accounts import Accounts
from conda_preflight.per_prefix import PerPrefix


class Verifications(PerPrefix[Accounts]):
    """All files of a prefix against its records."""
