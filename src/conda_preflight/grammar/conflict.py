"""Marks that a version control system leaves in a file that nobody has merged."""

from __future__ import annotations

from collections.abc import Sequence

_BEGIN, _END = "<<<<<<< ", ">>>>>>> "


def conflicts(lines: Sequence[str]) -> list[int]:
    """The lines, from 1, on which a merge conflict begins that also ends; git's marks."""
    begins = [number for number, line in enumerate(lines, 1) if line.startswith(_BEGIN)]
    ends = [number for number, line in enumerate(lines, 1) if line.startswith(_END)]
    return [begin for begin in begins if any(end > begin for end in ends)]
