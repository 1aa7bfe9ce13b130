"""A ``.dockerignore``: what a builder of images does not get of the folder that it is given.

Its lines are a small language, which ``grammar.dockerignore`` reads; here it is only known.
"""

from __future__ import annotations

from conda_preflight.documents import Layout, Source

KIND = ".dockerignore"


def recognizes(source: Source) -> bool:
    """By its name, which is all that such a file has."""
    return source.path.lower().endswith(KIND)


def read(source: Source) -> list[Layout]:
    """A Layout, so that the report says what the file was taken for; never raises."""
    return [Layout(source.path, KIND)]
