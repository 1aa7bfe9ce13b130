"""The verifications of the prefixes of an audit, for the checks that ask for one."""

from __future__ import annotations

from collections.abc import Callable

from conda_preflight.documents import Prefix
from conda_preflight.documents.accounts import Accounts
from conda_preflight.errors import Skip


class Verifications:
    """Verifies the files of a prefix when that is first asked for, and once."""

    def __init__(self, verify: Callable[[Prefix], Accounts]) -> None:
        self._verify = verify
        self._known: dict[Prefix, Accounts] = {}

    def of(self, prefix: Prefix) -> Accounts:
        """All files of a prefix against its records; raises Skip where it is not here."""
        if not prefix.root:
            raise Skip("the directory of the environment is not here")
        if prefix not in self._known:
            self._known[prefix] = self._verify(prefix)
        return self._known[prefix]

    def done(self, prefix: Prefix) -> Accounts | None:
        """What was found, if anybody has asked."""
        return self._known.get(prefix)
