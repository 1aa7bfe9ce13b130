"""Conda's own settings."""

from __future__ import annotations

from conda_preflight.documents.place import Location
from conda_preflight.plain import document_type, value_type


@value_type
class Setting:
    """One key of a ``.condarc``; ``value`` is text, a tuple of texts, or pairs of texts.

    ``key`` is the name that conda shows for it, ``written`` the one in the file.
    """

    key: str
    value: str | tuple[str, ...] | tuple[tuple[str, str], ...]
    location: Location
    places: tuple[Location, ...] = ()
    written: str = ""


@document_type
class Condarc:
    """Conda's settings in one file, in file order."""

    path: str
    location: Location
    settings: tuple[Setting, ...] = ()

    def get(self, key: str) -> Setting | None:
        """The last setting of that key (aliases are already resolved), or None."""
        return next((s for s in reversed(self.settings) if s.key == key), None)
