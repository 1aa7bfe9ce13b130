"""What became of each file of a prefix: where the disk is not what the records say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from conda_preflight.documents.place import Location
from conda_preflight.plain import document_type

QUICK, DIGESTS, FULL = "quick", "digests", "full"
"""Levels: sizes and kinds alone; digests too; all compiled code against its source too."""

ALTERED = "altered"
MISSING = "missing"
ORPHAN = "orphan"
COLLISION = "collision"
WRONG_KIND = "wrong kind"
WRONG_MODE = "wrong mode"
WRITABLE = "writable"
ESCAPE = "escape"
UNREADABLE = "unreadable"
BYTECODE = "bytecode"
FOREIGN = "foreign"
ABI = "other abi"
PYTHON = "other python"
UNLISTED = "no list"
DISAGREE = "records disagree"


class Deviation(NamedTuple):
    """One file that is not as it should be.

    ``fault`` is one of the words above; ``owner`` the package whose file it is and ``record``
    where that is written, both empty for nobody's; ``detail`` is the end of a sentence that
    begins with the path.
    """

    fault: str
    path: str
    owner: str = ""
    record: str = ""
    detail: str = ""


@document_type
class Accounts:
    """All files of a prefix against its records.

    ``level`` is QUICK, DIGESTS or FULL. Counted are the ``files``, those ``compared`` with a
    digest, those of which no record tells a digest (``unverified``), and compiled ones by
    their headers alone (``headers``). ``skipped`` are folders that were not entered;
    ``site_packages`` are the folders of Python's packages.
    """

    path: str
    location: Location
    level: str
    deviations: tuple[Deviation, ...] = ()
    files: int = 0
    compared: int = 0
    unverified: int = 0
    headers: int = 0
    skipped: tuple[str, ...] = ()
    site_packages: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """What was done: ``2,357 files, 2,334 digests compared``."""
        if self.level == QUICK:
            return f"{self.files:,} files, by size and kind alone"
        parts = [f"{self.files:,} files", f"{self.compared:,} digests compared"]
        if self.level == FULL:
            parts.append("compiled code compared with its source")
        if self.unverified:
            parts.append(f"{self.unverified:,} of which no digest is recorded")
        if self.headers:
            parts.append(f"{self.headers:,} compiled files by their headers alone")
        if self.skipped:
            parts.append(f"not looked into: {' and '.join(self.skipped)}")
        return ", ".join(parts)

    def of(self, fault: str) -> Iterator[Deviation]:
        """The deviations of one kind, by path."""
        return (each for each in self.deviations if each.fault == fault)
