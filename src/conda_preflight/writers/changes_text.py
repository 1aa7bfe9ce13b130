"""Changes since a revision, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.language import say, word
from conda_preflight.report import ChangedLine, Changes, Finding
from conda_preflight.writers import change_wording, wording
from conda_preflight.writers.ink import Ink

_ROWS = 10


def section(changes: Changes, ink: Ink, verbose: int) -> Iterator[str]:
    """A line that sums up, then rows; without -v the first ones of each kind."""
    summary = change_wording.summary(changes)
    head = say("Since {revision}: {summary}", revision=changes.since, summary=summary)
    yield from ink.wrap(head, style="bold")
    for note in changes.notes:
        yield from ink.wrap(note, indent="  ")
    for rows in (_lines(changes), _packages(changes), _sizes(changes)):
        yield from _some(list(rows), ink, verbose)
    for what, found in (("new", changes.gained), ("gone", changes.lost)):
        yield from _some([_finding(what, each) for each in found], ink, verbose)
    yield ""


def _some(rows: Sequence[str], ink: Ink, verbose: int) -> Iterator[str]:
    for row in rows if verbose else rows[:_ROWS]:
        yield from ink.wrap(row, indent="  ", hanging="      ")
    if len(rows) > _ROWS and not verbose:
        more = say("{count} more (-v lists all)", count=len(rows) - _ROWS)
        yield from ink.wrap(more, indent="      ")


def _lines(changes: Changes) -> Iterator[str]:
    for each in changes.lines:
        yield f"{each.file}: {_line(each)}"


def _line(each: ChangedLine) -> str:
    if each.old and each.new:
        return f"{each.part} {each.old} -> {each.new}"
    some = "{part} {line} added" if each.new else "{part} {line} removed"
    return say(some, part=each.part, line=each.new or each.old)


def _packages(changes: Changes) -> Iterator[str]:
    for each in changes.packages:
        kind = change_wording.kind(each)
        more = [change_wording.growth(each.growth)]
        licence = change_wording.licence(each)
        more += [say("licence {change}", change=licence)] if licence else []
        tail = "".join(f", {text}" for text in more if text)
        step = change_wording.step(each)
        yield f"{change_wording.place(each)}: {each.name} {kind}: {step}{tail}"


def _sizes(changes: Changes) -> Iterator[str]:
    for each in changes.sizes:
        yield f"{change_wording.place(each)}: {change_wording.total(each)}"


def _finding(what: str, finding: Finding) -> str:
    problem = finding.problem
    ids = f" {change_wording.advisory(finding)}" if problem.ids else ""
    return say(
        "{what} {severity} {rule} at {place}: {told}",
        what=word(what),
        severity=word(finding.severity.value),
        rule=f"{finding.rule}{ids}",
        place=wording.place(problem.location),
        told=wording.told(finding),
    )
