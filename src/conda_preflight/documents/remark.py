"""What another program says about a file."""

from __future__ import annotations

from typing import Protocol

from conda_preflight.plain import value_type


@value_type
class Remark:
    """One finding of hadolint's: ``code`` is DL3008, ``level`` error, warning, info or style."""

    code: str
    level: str
    message: str
    line: int


class Hadolint(Protocol):
    """What asks hadolint."""

    def remarks(self, text: str) -> tuple[Remark, ...]:
        """What it says of a Dockerfile's text; raises Skip where it does not answer."""
