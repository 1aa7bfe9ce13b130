"""Changes since a revision on the page: a sentence, and a table for each kind of change."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.language import say, word
from conda_preflight.report import Changes
from conda_preflight.writers import change_wording
from conda_preflight.writers.change_tables import Escaping, Table, tables
from conda_preflight.writers.escaping import markup

_MAX_OPEN = 15


def changes(found: Changes | None) -> Iterator[str]:
    """The section, empty for a report that was not compared with a revision."""
    if found is None:
        return
    title = say("What changes since {revision}", revision=_code(found.since))
    yield f'<section aria-labelledby="changes"><h2 id="changes">{title}</h2>'
    summary = change_wording.summary(found)
    sentence = say("{sentence}.", sentence=summary[:1].upper() + summary[1:])
    yield f"<p>{markup(sentence)}</p>"
    if found.notes:
        yield f"<ul>{''.join(f'<li>{markup(note)}</li>' for note in found.notes)}</ul>"
    for table in tables(found, Escaping(_code, markup)):
        yield from _table(table)
    yield "</section>"


def _table(table: Table) -> Iterator[str]:
    """Folded where it is long."""
    opened = " open" if len(table.rows) <= _MAX_OPEN else ""
    title = f"<strong>{word(table.title)}</strong>: {len(table.rows)}"
    yield f"<details{opened}><summary>{title}</summary>"
    yield '<div class="scroll" tabindex="0"><table><thead><tr>'
    yield "".join(_head(head) for head in table.head)
    yield "</tr></thead><tbody>"
    for row in table.rows:
        yield f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>"
    yield "</tbody></table></div></details>"


def _head(text: str) -> str:
    """A head of a column; one without a word is no head to a screen reader."""
    return f'<th scope="col">{word(text)}</th>' if text else "<td></td>"


def _code(text: str) -> str:
    return f"<code>{markup(text)}</code>"
