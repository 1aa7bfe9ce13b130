"""What is said of a fleet: each node's verdict, what differs, and the verdict of all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace

from conda_preflight.fleet.answers import Listing, NodeAnswer
from conda_preflight.fleet.differences import (
    Difference,
    Unlike,
    asked_for_listings,
    by_node,
    differences,
    unlike,
)
from conda_preflight.plain import document_type
from conda_preflight.report import Severity, Verdict


@document_type
class Fleet:
    """All answers, by node; ``name`` is the cluster or what it was asked through.

    ``notes`` are sentences about nodes that were not asked, and why that is right.
    """

    name: str
    answers: tuple[NodeAnswer, ...]
    differences: tuple[Difference, ...]
    unlike: tuple[Unlike, ...] = ()
    fail_on: Severity = Severity.ERROR
    notes: tuple[str, ...] = ()
    odd: Mapping[str, tuple[Difference, ...]] = field(default_factory=dict)

    def verdict_of(self, answer: NodeAnswer) -> Verdict:
        """NO-GO by its audit or by what it differs in; UNKNOWN where it was not judged."""
        audited = str(answer.report.get("verdict", Verdict.UNKNOWN.value))
        differs = any(each.severity.rank >= self.fail_on.rank for each in self.of(answer.node))
        if differs or audited == Verdict.NO_GO.value:
            return Verdict.NO_GO
        if not answer.is_reached or answer.reason:
            return Verdict.UNKNOWN
        return Verdict(audited)

    def of(self, node: str) -> tuple[Difference, ...]:
        """In what a node differs from most."""
        return self.odd.get(node, ())

    @property
    def verdict(self) -> Verdict:
        """NO-GO where one is; then UNKNOWN where one is, or none was asked; else GO."""
        found = {self.verdict_of(answer) for answer in self.answers}
        if Verdict.NO_GO in found:
            return Verdict.NO_GO
        return Verdict.UNKNOWN if Verdict.UNKNOWN in found or not found else Verdict.GO

    @property
    def counts(self) -> Mapping[Verdict, int]:
        """How many nodes have which verdict."""
        return Counter(self.verdict_of(answer) for answer in self.answers)


def compared(
    name: str,
    answers: Sequence[NodeAnswer],
    *,
    fail_on: Severity = Severity.ERROR,
    notes: Sequence[str] = (),
) -> Fleet:
    """The fleet of these answers, without what only listings of files can tell."""
    found = differences(answers)
    ordered = tuple(sorted(answers, key=lambda answer: answer.node))
    return Fleet(name, ordered, found, (), fail_on, tuple(notes), by_node(found))


def with_files(fleet: Fleet, listing: Callable[[str], Listing | None]) -> Fleet:
    """The fleet with what differs by file.

    ``listing`` is asked for the lists of odd nodes and of one other, and has None for none.
    """
    model, odd = asked_for_listings(fleet.differences)
    theirs = listing(model) if model else None
    if theirs is None:
        return fleet
    ours = ((node, listing(node)) for node in odd)
    told = tuple(unlike(node, each, model, theirs) for node, each in ours if each is not None)
    return replace(fleet, unlike=told)


def with_own_files(fleet: Fleet) -> Fleet:
    """The same, of lists that came with the answers."""
    listings = {answer.node: answer.listing for answer in fleet.answers}
    return with_files(fleet, listings.get)
