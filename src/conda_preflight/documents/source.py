"""One file as it was read, and what its syntax gave away."""

from __future__ import annotations

from conda_preflight.documents.place import Location, Name
from conda_preflight.plain import document_type, value_type


@document_type
class Source:
    """One file as it was read, before any format is known.

    ``encoding`` is "utf-8", "utf-8-sig", "utf-16" or "latin-1"; ``newline`` is
    the first line ending found; ``lines`` have no endings.
    """

    path: str
    text: str
    sha256: str
    size: int
    encoding: str
    newline: str
    lines: tuple[str, ...]

    def line(self, number: int) -> str:
        """The text of a line that counts from 1, empty where there is none."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""


@document_type
class Unreadable:
    """A file, or a part of one, that no reader understands, with the reason."""

    path: str
    message: str
    hint: str
    location: Location


@value_type
class DuplicateKey:
    """A mapping key that stands twice, so that one of its values is lost."""

    key: str
    location: Location
    first: Location


@document_type
class Layout:
    """What the syntax of one structured file gave away besides its facts.

    ``documents`` is the number of YAML documents in the file; ``second`` is where
    the second one begins; ``unknown`` are keys that the format does not have, ``known``
    those that it does, where a person writes them, and ``present`` the keys at its top.
    """

    path: str
    kind: str
    duplicates: tuple[DuplicateKey, ...] = ()
    documents: int = 1
    second: Location | None = None
    unknown: tuple[Name, ...] = ()
    known: frozenset[str] = frozenset()
    present: frozenset[str] = frozenset()
