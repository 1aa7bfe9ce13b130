"""VEX documents that the settings name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from conda_preflight.advisories.vex import Statement, parse
from conda_preflight.errors import ReadError, UsageError
from conda_preflight.opening import read_bytes


def statements(files: Iterable[str]) -> Iterator[tuple[str, Statement]]:
    """What these documents free of vulnerabilities, with the name of the file; UsageError."""
    for file in files:
        try:
            for each in parse(read_bytes(Path(file))):
                yield Path(file).name, each
        except (ReadError, OSError) as error:
            raise UsageError(f"The VEX document {file} cannot be read: {error}") from None
