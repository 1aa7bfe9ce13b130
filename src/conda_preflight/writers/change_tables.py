"""Changes since a revision as tables, whatever the format; it says how a cell is escaped."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from conda_preflight.language import word
from conda_preflight.plain import document_type, value_type
from conda_preflight.report import Changes, Finding
from conda_preflight.writers import change_wording, wording


@value_type
class Escaping:
    """How a format writes names as they stand in files, and how it writes sentences."""

    code: Callable[[str], str]
    prose: Callable[[str], str]


@document_type
class Table:
    """One kind of change: a title, the heads of the columns, and rows of escaped cells."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables(changes: Changes, how: Escaping) -> Iterator[Table]:
    """The kinds of change of which there are some; heads and titles are in English."""
    new, gained = change_wording.advisories(changes.gained)
    gone, lost = change_wording.advisories(changes.lost)
    rows = [_finding("new", f, how) for f in gained] + [_finding("gone", f, how) for f in lost]
    flaws = [_advisory("new", f, how) for f in new] + [_advisory("gone", f, how) for f in gone]
    found = (
        Table("Findings", ("", "Severity", "Rule", "Place", "What"), tuple(rows)),
        Table("Advisories", ("", "Severity", "Advisory", "Package", "What"), tuple(flaws)),
        Table("Asked for", ("File", "", "Old", "New"), tuple(_lines(changes, how))),
        Table(
            "Packages",
            ("Package", "", "Old", "New", "Size", "Licence", "Where"),
            tuple(_packages(changes, how)),
        ),
        Table("Sizes", ("Lock", "Packages"), tuple(_sizes(changes, how))),
    )
    yield from (table for table in found if table.rows)


def _finding(what: str, finding: Finding, how: Escaping) -> tuple[str, ...]:
    place = how.code(wording.place(finding.problem.location))
    severity = word(finding.severity.value)
    return word(what), severity, how.code(finding.rule), place, how.prose(wording.told(finding))


def _advisory(what: str, finding: Finding, how: Escaping) -> tuple[str, ...]:
    name = how.code(change_wording.advisory(finding))
    about = how.code(finding.problem.about)
    severity = word(finding.severity.value)
    return word(what), severity, name, about, how.prose(wording.told(finding))


def _lines(changes: Changes, how: Escaping) -> Iterator[tuple[str, ...]]:
    for each in changes.lines:
        yield how.code(each.file), how.prose(each.part), _cell(each.old, how), _cell(each.new, how)


def _packages(changes: Changes, how: Escaping) -> Iterator[tuple[str, ...]]:
    for each in changes.packages:
        yield (
            how.code(each.name),
            how.prose(change_wording.kind(each)),
            _cell(each.old, how),
            _cell(each.new, how),
            change_wording.growth(each.growth),
            _cell(change_wording.licence(each), how),
            how.prose(change_wording.place(each)),
        )


def _sizes(changes: Changes, how: Escaping) -> Iterator[tuple[str, ...]]:
    for each in changes.sizes:
        yield how.code(change_wording.place(each)), how.prose(change_wording.total(each))


def _cell(text: str, how: Escaping) -> str:
    return how.code(text) if text else ""
