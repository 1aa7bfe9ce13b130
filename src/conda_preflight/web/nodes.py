"""The nodes of a fleet as a heat map: one row for each, one column for what is not alike.

A node stands in the ledger as a record of the command ``fleet``: its project is the name of the
fleet, its subject the node; ``facts`` are what was measured there, with ``status`` and ``reason``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from conda_preflight.fleet.answers import REACHED, NodeAnswer
from conda_preflight.fleet.differences import Difference, differences
from conda_preflight.ledger.overview import Node
from conda_preflight.plain import document_type

STATUS, REASON = "status", "reason"
MAX_COLUMNS = 24


@document_type
class Cell:
    """What a node has of a fact; ``kind`` is alike, error, warning, note or unknown."""

    kind: str
    text: str


@document_type
class Row:
    """A node with its cells; ``outlying`` is in how many facts it differs from most."""

    node: Node
    status: str
    reason: str
    outlying: int
    cells: tuple[Cell, ...]


@document_type
class HeatMap:
    """The columns, the rows with most outlying facts first, and how many facts are alike."""

    columns: tuple[Difference, ...]
    rows: tuple[Row, ...]
    alike: int
    left_out: int


def heat_map(nodes: Sequence[Node]) -> HeatMap:
    """The map of the latest answers of some nodes."""
    answers = [_answer(node) for node in nodes]
    found = differences(answers)
    facts = {fact for answer in answers for fact in answer.measured}
    shown = found[:MAX_COLUMNS]
    rows = [_row(n, a, shown, found) for n, a in zip(nodes, answers, strict=True)]
    rows.sort(key=lambda row: (row.status == REACHED, -row.outlying, row.node.node))
    left_out = len(found) - len(shown)
    return HeatMap(shown, tuple(rows), len(facts) - len(found), left_out)


def _answer(node: Node) -> NodeAnswer:
    facts = dict(node.facts)
    status, reason = facts.pop(STATUS, REACHED), facts.pop(REASON, "")
    return NodeAnswer(node.node, status=status, reason=reason, measured=facts)


def _row(
    node: Node, answer: NodeAnswer, shown: Sequence[Difference], found: Sequence[Difference]
) -> Row:
    outlying = sum(_is_outlier(each, node.node) for each in found)
    cells = tuple(_cell(each, node.node, answer.measured) for each in shown)
    return Row(node, answer.status, answer.reason, outlying, cells)


def _cell(fact: Difference, node: str, measured: Mapping[str, str]) -> Cell:
    if not any(node in value.nodes for value in fact.values):
        return Cell("unknown", "")
    kind = fact.severity.value if _is_outlier(fact, node) else "alike"
    return Cell(kind, measured.get(fact.fact, ""))


def _is_outlier(fact: Difference, node: str) -> bool:
    odd = fact.values[1:] if fact.has_majority else fact.values
    return any(node in value.nodes for value in odd)
