"""What a rebuild found: plain values for those who write it down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from conda_preflight.plain import document_type, value_type


@value_type
class Build:
    """One prefix that was made: regular files and links in it, their bytes, the time it took."""

    files: int
    size: int
    seconds: float


@value_type
class Trial:
    """One smoke test in one prefix; ``subject`` is what was tried, ``reason`` why it failed.

    ``output`` is the end of what it said.
    """

    subject: str
    build: int
    passed: bool
    seconds: float
    reason: str = ""
    output: str = ""


@value_type
class Unexplained:
    """A path at which the prefixes differ for no known cause, and how."""

    path: str
    what: str


@document_type
class Comparison:
    """Two trees: paths that were compared, differences by cause, and those without one."""

    compared: int
    explained: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unexplained: tuple[Unexplained, ...] = ()


@document_type
class Digests:
    """How many files were compared with the lock by which digest, or by none.

    ``size`` is their bytes; ``fetched``, ``cached`` and ``local`` say where they came from.
    """

    sha256: int = 0
    md5: int = 0
    none: int = 0
    size: int = 0
    fetched: int = 0
    cached: int = 0
    local: int = 0

    @property
    def total(self) -> int:
        """All files."""
        return self.sha256 + self.md5 + self.none


@document_type
class Rebuilt:
    """A lock that was made twice, or once when ``comparison`` is None.

    ``packages`` counts by manager; ``scripts`` names packages with link scripts, which ran
    only if ``scripts_ran``; ``kept`` is the prefix that was left for use; ``notes`` are
    sentences about what was not done.
    """

    lock: str
    platform: str
    environment: str
    packages: Mapping[str, int]
    digests: Digests
    builds: tuple[Build, ...]
    trials: tuple[Trial, ...]
    comparison: Comparison | None
    scripts: tuple[str, ...] = ()
    scripts_ran: bool = False
    kept: str = ""
    notes: tuple[str, ...] = ()

    @property
    def failed(self) -> tuple[Trial, ...]:
        """The smoke tests that did not pass."""
        return tuple(trial for trial in self.trials if not trial.passed)

    @property
    def good(self) -> bool:
        """Whether nothing differs for no known cause, and every smoke test passed."""
        same = self.comparison is None or not self.comparison.unexplained
        return same and not self.failed
