"""What became of attempts to change a prefix."""

from __future__ import annotations

from conda_preflight.plain import document_type

REFUSED, CHANGED, IDLE, BESIDE, UNTRIED = "refused", "changed", "idle", "beside", "not tried"
"""Verdicts. An idle one ended well without a change; one beside put something where Python also
looks, outside of the prefix."""


@document_type
class Change:
    """One path of the prefix that an attempt changed; ``what`` is new, gone, altered or mode."""

    path: str
    what: str


@document_type
class Result:
    """One attempt: its name, the tool, a verdict, why (as the tool says), and what changed.

    ``is_beyond`` is true of one that no file in a prefix can refuse: it does not count.
    """

    name: str
    tool: str
    verdict: str
    reason: str = ""
    changes: tuple[Change, ...] = ()
    seconds: float = 0.0
    is_beyond: bool = False


@document_type
class Proof:
    """All attempts on a copy of a prefix; ``user`` is who made them, ``files`` their number."""

    prefix: str
    user: str
    files: int
    results: tuple[Result, ...]

    def of(self, verdict: str) -> tuple[Result, ...]:
        """The attempts that count and ended so."""
        return tuple(r for r in self.results if r.verdict == verdict and not r.is_beyond)

    @property
    def beyond(self) -> tuple[Result, ...]:
        """The attempts that no freeze can refuse, as far as they were tried."""
        return tuple(r for r in self.results if r.is_beyond and r.verdict != UNTRIED)

    @property
    def tried(self) -> int:
        """How many attempts that count were really made."""
        return sum(r.verdict != UNTRIED and not r.is_beyond for r in self.results)
