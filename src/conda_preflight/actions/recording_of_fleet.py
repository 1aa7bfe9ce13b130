"""The records of ``fleet``: one of the whole, and one of each node that was judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from conda_preflight.actions.recording import of_action, of_report
from conda_preflight.config import Settings
from conda_preflight.fleet.answers import NodeAnswer
from conda_preflight.fleet.differences import Difference
from conda_preflight.fleet.outcome import Fleet
from conda_preflight.fleet.projects_summary import Summary
from conda_preflight.ledger.record import Mark, Record
from conda_preflight.report import Verdict, fingerprint
from conda_preflight.schema import from_json

DIFFERS, NOT_ASKED = "fleet/differs", "fleet/not-asked"
"""Names under which the ledger keeps what is no finding of a rule."""
_NOWHERE = Path("/")


def of_nodes(fleet: Fleet) -> Iterator[Record]:
    """First the record of the fleet, in which each node is a path, then those of its nodes."""
    counts = {word.value.lower(): fleet.counts.get(word, 0) for word in Verdict}
    verdicts = {f"node.{a.node}": fleet.verdict_of(a).value for a in fleet.answers}
    whole = of_action(
        "fleet",
        _NOWHERE,
        verdict=fleet.verdict.value,
        reasons=[f"{a.node}: {a.reason or a.status}" for a in fleet.answers if not _is_judged(a)],
        facts={"nodes": len(fleet.answers), **counts, **verdicts},
        project=f"fleet:{fleet.name or 'answers'}",
    )
    rules = (DIFFERS, NOT_ASKED)
    name = fleet.name or "answers"
    yield replace(whole, name=name, marks=tuple(_marks(fleet)), rules=rules, whole=True)
    yield from (_of_node(answer) for answer in fleet.answers if answer.report)


def of_projects(found: Summary, asked: str) -> Record:
    """The record of an audit of many projects, in numbers."""
    counts = {word.value.lower(): found.verdicts.get(word.value, 0) for word in Verdict}
    return of_action(
        "fleet",
        _NOWHERE,
        verdict=found.verdict.value,
        facts={"projects": found.projects, **counts, "results": str(found.folder)},
        project=f"projects:{asked}",
    )


def _is_judged(answer: NodeAnswer) -> bool:
    return answer.is_reached and not answer.reason


def _of_node(answer: NodeAnswer) -> Record:
    told = of_report(from_json(answer.report), _NOWHERE, Settings(), (), command="fleet")
    facts = {name: text for name, text in answer.measured.items() if "." not in name}
    return replace(
        told,
        project=f"machine:{answer.node}",
        name=answer.node,
        host=answer.node,
        facts=facts,
    )


def _marks(fleet: Fleet) -> Iterator[Mark]:
    for answer in fleet.answers:
        if not _is_judged(answer):
            why = answer.reason or answer.status
            yield _mark(NOT_ASKED, "warning", answer.node, "answer", why)
        for each in fleet.of(answer.node):
            yield _mark(DIFFERS, each.severity.value, answer.node, each.fact, _said(each, answer))


def _mark(rule: str, severity: str, node: str, about: str, message: str) -> Mark:
    return Mark(rule, severity, about, node, 0, message, fingerprint(rule, node, about))


def _said(each: Difference, answer: NodeAnswer) -> str:
    own = next((value.text for value in each.values if answer.node in value.nodes), "")
    most = each.values[0].text if each.has_majority else ""
    than = f", and on most nodes {most or 'none'}" if each.has_majority else ", without a majority"
    return f"{each.title}: {own or 'none'}{than}"
