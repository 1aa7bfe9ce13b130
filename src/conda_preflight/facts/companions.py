"""Versions that transformers looks for when it is imported.

Source: the metadata of the releases of transformers on the public index, and
``dependency_versions_check.py`` in huggingface/transformers.
"""

from __future__ import annotations

from conda_preflight.plain import value_type


@value_type
class Companion:
    """Which releases of transformers take which versions of another package."""

    releases: str
    companion: str
    wanted: str


COMPANIONS = (
    Companion(">=4.36,<4.40", "tokenizers", ">=0.14,<0.19"),
    Companion(">=4.40,<4.45", "tokenizers", ">=0.19,<0.20"),
    Companion(">=4.45,<4.47", "tokenizers", ">=0.20,<0.21"),
    Companion(">=4.48,<4.52", "tokenizers", ">=0.21,<0.22"),
    Companion(">=4.57.6,<4.58", "tokenizers", ">=0.22.0,<=0.23.0"),
    Companion(">=5.0,<5.1", "tokenizers", ">=0.22.0,<=0.23.0"),
    Companion(">=5.23,<5.24", "tokenizers", ">=0.23.1,<0.24"),
    Companion(">=4.57.6,<4.58", "huggingface-hub", "<1.0"),
    Companion(">=5.0,<5.1", "huggingface-hub", "<2.0"),
    Companion(">=5.23,<5.24", "huggingface-hub", ">=1.31,<3.0"),
)
"""What the metadata of each series say; series that are not here were not read."""
