"""What was found of an environment, before anything is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from conda_preflight.plain import document_type, value_type

CONDA, PIP = "conda", "pip"
Key = tuple[str, str]
"""Half and name: ("conda", "numpy")."""


@value_type
class Line:
    """One package: its half, its name, and how it is written in a manifest.

    ``channel`` is the one that it is bound to, empty for any; ``selector`` says for which
    platforms it is (``linux``, ``not win``), empty for all.
    """

    half: str
    name: str
    text: str
    version: str = ""
    channel: str = ""
    selector: str = ""

    @property
    def key(self) -> Key:
        """What it is called among the others."""
        return self.half, self.name


@document_type
class Found:
    """The lines of an environment with all that is known of them.

    ``asked`` are those that a person asked for, empty where nothing tells; ``needs`` is who
    needs whom where records tell, None where only tables can. ``options`` are lines of pip
    without a name, ``variables`` are those of the environment, ``told`` are sentences about what
    was changed or left out on the way.
    """

    lines: tuple[Line, ...]
    channels: tuple[str, ...] = ()
    name: str = ""
    python: str = ""
    platforms: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    asked: Mapping[Key, str] = field(default_factory=dict)
    needs: Mapping[Key, frozenset[Key]] | None = None
    told: tuple[str, ...] = ()
