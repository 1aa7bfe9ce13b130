"""What ``history`` answers from a ledger, in the format that is asked for."""

from __future__ import annotations

from pathlib import Path

from conda_preflight.answers import history_json, history_sheets
from conda_preflight.answers import sheet as sheets
from conda_preflight.answers.sheet import Sheet
from conda_preflight.cli.subject_options import PICTURES
from conda_preflight.ledger.answer import Verified
from conda_preflight.ledger.book import Ledger
from conda_preflight.ledger.record import Record
from conda_preflight.output import ink
from conda_preflight.plain import value_type

_BELOW = 10


@value_type
class Saying:
    """How to answer: the format, whether in colour (None: as the terminal can), how many rows."""

    form: str
    colour: bool | None
    limit: int


def timeline(
    book: Ledger, project: str, subject: str | None, before: int | None, said: Saying
) -> str:
    """The records of a project, those before a number if there is one."""
    found = book.timeline(project, subject, said.limit + 1, before)
    lines, more = found[: said.limit], len(found) > said.limit
    if said.form == "json":
        return history_json.rows("records", lines, project=project, more=more)
    if said.form in PICTURES:
        from conda_preflight.answers import drawn

        return drawn.history(project, lines, said.form)
    below = book.projects(f"{project}#", _BELOW) if "#" not in project else ()
    return _shown(history_sheets.timeline(project, lines, below, more=more), said)


def projects(book: Ledger, said: Saying) -> str:
    """Every project with its latest audit."""
    found = book.projects(limit=said.limit)
    if said.form == "json":
        return history_json.rows("projects", found, ledger=book.name)
    return _shown(history_sheets.projects(found, book.name), said)


def spells(book: Ledger, project: str, text: str, said: Saying) -> str:
    """When a finding, by fingerprint, or those of a rule came and went."""
    named = {"rule": text} if "/" in text else {"fingerprint": text}
    found = book.spells(project, limit=said.limit, **named)
    if said.form == "json":
        return history_json.rows("findings", found, project=project)
    return _shown(history_sheets.spells(text, project, found), said)


def package(book: Ledger, project: str, name: str, path: Path, said: Saying) -> str:
    """What happened to a package; the repository around ``path`` may know the authors."""
    from conda_preflight.git_log import authors

    found = book.events(project, name)[: said.limit]
    lines = {line.seq: line for line in book.lines(each.seq for each in found)}
    revisions = [line.revision for line in lines.values()]
    by = authors(path, revisions) if path.exists() else {}
    if said.form == "json":
        shown = [history_json.plain(lines[seq]) for seq in sorted(lines, reverse=True)]
        return history_json.rows("events", found, project=project, records=shown, authors=by)
    return _shown(history_sheets.package(name, project, found, lines, by), said)


def changed(book: Ledger, old_name: str, new_name: str, said: Saying) -> str:
    """Two records compared."""
    from conda_preflight.answers import diff_markdown, diff_text
    from conda_preflight.record_difference import record_difference

    first, last = book.number(old_name), book.number(new_name)
    old, new = book.record(first), book.record(last)
    found = record_difference(old, new, (_name(first, old), _name(last, new)))
    if said.form == "json":
        return history_json.changed(found)
    text = _shown(history_sheets.changed(found), said)
    if found.packages is None or found.packages.empty:
        return text
    if said.form == "markdown":
        return f"{text}\n{diff_markdown.write(found.packages)}"
    return f"{text}\n{diff_text.write(found.packages, ink(colour=said.colour))}"


def verified(book: Ledger, found: Verified, said: Saying) -> str:
    """What reading everything again has shown."""
    if said.form == "json":
        return history_json.verified(found)
    return _shown(history_sheets.verified(found, book.name), said)


def _name(seq: int, record: Record) -> str:
    return f"record {seq} ({history_sheets.minute(record.at)})"


def _shown(sheet: Sheet, said: Saying) -> str:
    if said.form == "markdown":
        return sheets.markdown(sheet)
    return sheets.text(sheet, ink(colour=said.colour))
