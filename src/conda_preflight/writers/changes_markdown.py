"""Changes since a revision, as the part of a pull request's comment that a reviewer approves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.language import say, word
from conda_preflight.report import Changes, Finding
from conda_preflight.writers import change_wording, wording
from conda_preflight.writers.markdown import code, prose

_MAX_CHARACTERS = 24_000
_MAX_OPEN = 15
_FRAME = 200


def section(changes: Changes) -> list[str]:
    """A heading, a sentence, and a table for each kind of change, as far as there is room."""
    title = say("What changes since {revision}", revision=code(changes.since))
    summary = prose(_capital(change_wording.summary(changes)))
    lines = [f"### {title}", "", say("{sentence}.", sentence=summary), ""]
    lines += [f"- {prose(note)}" for note in changes.notes[:_MAX_OPEN]]
    lines += [""] if changes.notes else []
    room = _MAX_CHARACTERS
    for title, head, rows in _tables(changes):
        kept = _table(title, head, rows, room)
        room -= sum(len(line) + 1 for line in kept)
        lines += kept
    return lines


def _tables(changes: Changes) -> Iterator[tuple[str, Sequence[str], list[str]]]:
    new, gained = change_wording.advisories(changes.gained)
    gone, lost = change_wording.advisories(changes.lost)
    rows = [*(_finding("new", f) for f in gained), *(_finding("gone", f) for f in lost)]
    yield "Findings", ("", "Severity", "Rule", "Place", "What"), rows
    flaws = [*(_advisory("new", f) for f in new), *(_advisory("gone", f) for f in gone)]
    yield "Advisories", ("", "Severity", "Advisory", "Package", "What"), flaws
    yield "Asked for", ("File", "", "Old", "New"), [*_lines(changes)]
    head = ("Package", "", "Old", "New", "Size", "Licence", "Where")
    yield "Packages", head, [*_packages(changes)]
    yield "Sizes", ("Lock", "Packages"), [*_sizes(changes)]


def _table(title: str, head: Sequence[str], rows: Sequence[str], room: int) -> list[str]:
    """The table with as many rows as fit, the others counted; nothing where there is none."""
    if not rows:
        return []
    room -= _FRAME
    kept = []
    for row in rows:
        room -= len(row) + 1
        if room < 0:
            break
        kept.append(row)
    opened = " open" if len(rows) <= _MAX_OPEN else ""
    left = len(rows) - len(kept)
    more = ["", say("{count} more do not fit into a comment.", count=left)] if left else []
    lines = [f"<details{opened}><summary><b>{word(title)}</b>: {len(rows)}</summary>", ""]
    lines += [f"| {' | '.join(map(word, head))} |", "|" + "---|" * len(head)] if kept else []
    return [*lines, *kept, *more, "", "</details>", ""]


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return code(text) if text else ""


def _finding(what: str, finding: Finding) -> str:
    place = code(wording.place(finding.problem.location))
    severity = word(finding.severity.value)
    return _row(word(what), severity, code(finding.rule), place, prose(wording.told(finding)))


def _advisory(what: str, finding: Finding) -> str:
    name = code(change_wording.advisory(finding))
    about = code(finding.problem.about)
    severity = word(finding.severity.value)
    return _row(word(what), severity, name, about, prose(wording.told(finding)))


def _lines(changes: Changes) -> Iterator[str]:
    for each in changes.lines:
        yield _row(code(each.file), prose(each.part), _cell(each.old), _cell(each.new))


def _packages(changes: Changes) -> Iterator[str]:
    for each in changes.packages:
        yield _row(
            code(each.name),
            prose(change_wording.kind(each)),
            _cell(each.old),
            _cell(each.new),
            change_wording.growth(each.growth),
            _cell(change_wording.licence(each)),
            prose(change_wording.place(each)),
        )


def _sizes(changes: Changes) -> Iterator[str]:
    for each in changes.sizes:
        yield _row(code(change_wording.place(each)), prose(change_wording.total(each)))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
