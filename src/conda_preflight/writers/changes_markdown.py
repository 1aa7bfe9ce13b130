"""Changes since a revision, as the part of a pull request's comment that a reviewer approves."""

from __future__ import annotations

from collections.abc import Sequence

from conda_preflight.language import say, word
from conda_preflight.report import Changes
from conda_preflight.writers import change_wording
from conda_preflight.writers.change_tables import Escaping, Table, tables
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
    for each in tables(changes, Escaping(code, prose)):
        kept = _table(each, room)
        room -= sum(len(line) + 1 for line in kept)
        lines += kept
    return lines


def _table(table: Table, room: int) -> list[str]:
    """The table with as many rows as fit, the others counted."""
    head, rows = table.head, [_row(cells) for cells in table.rows]
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
    lines = [f"<details{opened}><summary><b>{word(table.title)}</b>: {len(rows)}</summary>", ""]
    lines += [_row([word(each) for each in head]), "|" + "---|" * len(head)] if kept else []
    return [*lines, *kept, *more, "", "</details>", ""]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
