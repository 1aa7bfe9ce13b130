"""Exceptions that somebody made."""

from __future__ import annotations

from conda_preflight.documents.place import Location
from conda_preflight.plain import document_type


@document_type
class Waiver:
    """One exception that somebody made, and what became of it in this audit.

    ``form`` is "settings" or "inline"; ``expires`` is an ISO date or empty;
    ``state`` is "used", "unused", "expired" or "invalid" with ``reason`` saying why.
    """

    rule: str
    form: str
    location: Location
    reason: str = ""
    expires: str = ""
    state: str = "used"
    fault: str = ""

    @property
    def path(self) -> str:
        """The file that it is written in."""
        return self.location.path
