"""A path in a file, as a path from the top of the project."""

from __future__ import annotations

import posixpath


def from_top(document: str, written: str) -> str | None:
    """The path that ``written`` means in a document, from the top of the project.

    None for a URL, a home directory, an absolute path and one that leads out of the project.
    """
    text = written.strip().strip("'\"").replace("\\", "/")
    if not text or "://" in text or text[0] in "/~$%" or text[1:2] == ":":
        return None
    path = posixpath.normpath(posixpath.join(posixpath.dirname(document), text))
    return None if path == ".." or path.startswith("../") else path
