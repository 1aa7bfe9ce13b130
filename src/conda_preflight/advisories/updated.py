"""What became of each source when a database was made new."""

from __future__ import annotations

from conda_preflight.plain import value_type


@value_type
class Step:
    """What happened to one source; ``error`` is empty where it went well.

    ``ranks`` is true of a list that only ranks what is found (KEV, EPSS).
    """

    name: str
    said: str
    error: str = ""
    hint: str = ""
    ranks: bool = False


@value_type
class Updated:
    """What happened to all of them; ``notes`` say what a person should know beside."""

    steps: tuple[Step, ...]
    notes: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """Whether every source of advisories is new; what only ranks them does not count."""
        return not any(step.error for step in self.steps if not step.ranks)
