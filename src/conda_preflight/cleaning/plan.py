"""The decisions about everything that was found, and what they come to."""

from __future__ import annotations

from collections.abc import Iterable

from conda_preflight.cleaning.found import KINDS, Running
from conda_preflight.cleaning.journal import Journal
from conda_preflight.cleaning.policy import FREE, KEEP, TRASH, Decision
from conda_preflight.cleaning.weight import together
from conda_preflight.plain import document_type, value_type


@value_type
class Total:
    """One kind: how many things there are, what they weigh in bytes, what goes and what it frees.

    ``later`` is freed only when the trash is emptied.
    """

    kind: str
    count: int
    size: int
    going: int
    frees: int
    later: int


@document_type
class Plan:
    """What would be done; ``trash`` are earlier runs that can be taken back.

    ``home`` is the one whose caches are meant, empty for any.
    """

    decisions: tuple[Decision, ...]
    running: Running
    trash: tuple[Journal, ...] = ()
    notes: tuple[str, ...] = ()
    home: str = ""

    def of(self, action: str) -> tuple[Decision, ...]:
        """The decisions for one action."""
        return tuple(each for each in self.decisions if each.action == action)

    @property
    def totals(self) -> tuple[Total, ...]:
        """A row for each kind of which there is something."""
        rows = (_total(kind, [d for d in self.decisions if d.found.kind == kind]) for kind in KINDS)
        return tuple(row for row in rows if row.count)

    @property
    def whole(self) -> Total:
        """All kinds together, in which a file with several names is counted once."""
        return _total("all", self.decisions)


def _total(kind: str, decisions: Iterable[Decision]) -> Total:
    known = list(decisions)
    at_once = together(d.found.usage for d in known if d.action == FREE).own
    in_all = together(d.found.usage for d in known if d.action != KEEP).own
    size = together(d.found.usage for d in known).size
    going = sum(d.action in (FREE, TRASH) for d in known)
    return Total(kind, len(known), size, going, at_once, in_all - at_once)
