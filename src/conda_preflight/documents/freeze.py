"""How far a prefix is kept from being changed, and what was changed nevertheless."""

from __future__ import annotations

from conda_preflight.plain import document_type


@document_type
class Freeze:
    """What a prefix says to tools, who may write in it, and its record of a freeze.

    ``libraries`` are the folders of Python's own library and ``unmanaged`` those of them without
    EXTERNALLY-MANAGED; ``holds_pip`` is true where ``pip.conf`` keeps pip off. ``writable`` counts
    files and folders with a write bit, and ``first`` is one of them. ``kind`` is "container" or
    "shared", empty without a record; ``fault`` says why a record cannot be read; ``changed`` are
    paths that are not as they were then, with "new", "gone", "altered" or "writable again".
    """

    libraries: tuple[str, ...] = ()
    unmanaged: tuple[str, ...] = ()
    holds_pip: bool = False
    writable: int = 0
    first: str = ""
    kind: str = ""
    fault: str = ""
    changed: tuple[tuple[str, str], ...] = ()
