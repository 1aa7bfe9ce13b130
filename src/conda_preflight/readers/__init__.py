"""One module per format, named after the file it reads.

A reader module has three names:

``PATTERNS``
    file names (lower-case globs) that discovery in a directory looks for;
``recognizes(source)``
    whether the content is this format, however the file is called; cheap, never raises;
``read(source)``
    the documents in it; raises ReadError, with line and column, and nothing else.

Readers are asked in alphabetical order, and the first that recognizes a file reads
it. ``prefix`` is the exception: it reads a directory.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from conda_preflight.documents import Document, Source


class Reader(Protocol):
    """What each reader module offers."""

    PATTERNS: tuple[str, ...]

    def recognizes(self, source: Source) -> bool:
        """Whether the content is this format."""

    def read(self, source: Source) -> Iterable[Document]:
        """The documents in it; raises ReadError."""
