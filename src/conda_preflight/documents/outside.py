"""What Python imports in a prefix and does not come from it."""

from __future__ import annotations

from conda_preflight.plain import document_type, value_type


@value_type
class OutsideFolder:
    """A folder outside of a prefix that its Python looks into.

    ``how`` is the cause in words (``PYTHONPATH names it``); ``projects`` are the projects in it,
    by normalized name with their versions; ``is_first`` is true where it is looked into
    before the prefix's own packages.
    """

    path: str
    how: str
    projects: tuple[tuple[str, str], ...]
    is_first: bool = True


@document_type
class Outside:
    """All such folders that hold a project."""

    folders: tuple[OutsideFolder, ...] = ()
