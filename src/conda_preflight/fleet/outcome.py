"""What is said of a fleet: each node's verdict, what differs, and the verdict of all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import field

from conda_preflight.fleet.answers import NodeAnswer
from conda_preflight.fleet.differences import Difference, Unlike, by_node, differences
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
