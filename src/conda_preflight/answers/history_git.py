"""``history --git``: each commit with what it did to the environment, as text, Markdown or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from conda_preflight.answers import changes, diff_json, history_json
from conda_preflight.answers.phrases import told
from conda_preflight.comparison import Change, Comparison
from conda_preflight.difference import Difference
from conda_preflight.git_past import PastCommit, PastFile
from conda_preflight.language import say, word
from conda_preflight.manifest_comparison import LineChange
from conda_preflight.writers.ink import Ink
from conda_preflight.writers.markdown import code, prose
from conda_preflight.writers.wording import listed, number

_HEADS = ("When (UTC)", "Commit", "Author", "Subject", "Environment")
_INDENT = "  "
_SHORT = 9
_SHOWN = 12
_IN_CELL = 4


def table_head() -> str:
    """The first lines of the table in Markdown."""
    return f"| {' | '.join(map(word, _HEADS))} |\n|---|---|---|---|---|\n"


def text(past: PastCommit, ink: Ink) -> str:
    """One commit as lines: who and when, then each file, then what does not fit together."""
    commit = past.commit
    head = f"{day(past)}  {commit.id[:_SHORT]}  {commit.author}  {commit.subject}"
    lines = ink.wrap(head, hanging=_INDENT, style="bold")
    for file in past.files:
        lines += ink.wrap(
            say("{about}: {why}", about=file.path, why=said(file)), _INDENT, _INDENT * 2
        )
        rows = list(_rows(file.difference)) if file.difference else []
        for row in rows[:_SHOWN]:
            lines += ink.wrap(row, _INDENT * 2, _INDENT * 4)
        if len(rows) > _SHOWN:
            lines.append(_INDENT * 2 + say("and {count} more", count=len(rows) - _SHOWN))
    for flag in past.flags:
        lines += ink.wrap(f"{ink.mark('warned')} {word(flag)}", _INDENT, style="warned")
    return "\n".join(lines) + "\n\n"


def markdown(past: PastCommit) -> str:
    """One commit as a row under ``table_head``."""
    commit = past.commit
    cells = [_file_cell(file) for file in past.files]
    cells += [f"**{prose(word(flag))}**" for flag in past.flags]
    who = f"{prose(commit.author)} | {prose(commit.subject)}"
    return f"| {day(past)} | {code(commit.id[:_SHORT])} | {who} | {'<br>'.join(cells)} |\n"


def document(past: list[PastCommit], path: str) -> str:
    """All commits as one JSON document."""
    return history_json.written({"path": path, "commits": [_json(each) for each in past]})


def day(past: PastCommit) -> str:
    """``2026-11-24``; a commit can say any time."""
    try:
        return datetime.fromtimestamp(past.commit.at, UTC).strftime("%Y-%m-%d")
    except (OverflowError, OSError, ValueError):
        return word("unknown")


def said(file: PastFile) -> str:
    """``3 upgraded, 1 added``, or what else became of a file."""
    if file.note:
        why = told(file.note, "errors/*")
        return say("{event}, cannot be compared: {why}", event=word(file.event), why=why)
    if file.difference is None:
        if file.packages is None:
            return word(file.event)
        count = number(file.packages, "package")
        return say("{event} with {packages}", event=word(file.event), packages=count)
    if file.difference.empty:
        return word("says the same in other words")
    parts = [changes.summary(file.difference.packages)] if file.difference.packages else []
    lines = sum(len(each.lines) for each in file.difference.manifests)
    parts += [say("{what} changed", what=number(lines, "line"))] if lines else []
    reordered = any(each.reordered for each in file.difference.manifests)
    parts += [word("channels reordered")] * reordered
    return listed(filter(None, parts)) or word("other platforms or environments")


def _rows(found: Difference) -> Iterator[str]:
    for manifest in found.manifests:
        yield from map(_line, manifest.lines)
    if found.packages:
        yield from map(_change, _by_name(found.packages))


def _line(line: LineChange) -> str:
    sign = "~" if line.old and line.new else "+" if line.new else "-"
    return f"{sign} {' -> '.join(filter(None, (line.old, line.new)))}"


def _by_name(comparison: Comparison) -> list[Change]:
    """The changes of packages, in the order of what wants the most attention."""
    return [change for some in changes.by_kind(comparison).values() for change in some]


def _change(change: Change) -> str:
    sign = "~" if change.old and change.new else "+" if change.new else "-"
    return f"{sign} {change.name} {changes.step(change, verbose=False)}"


def _file_cell(file: PastFile) -> str:
    rows = list(_rows(file.difference)) if file.difference else []
    shown = [code(row) for row in rows[:_IN_CELL]]
    more = [say("and {count} more", count=len(rows) - _IN_CELL)] * (len(rows) > _IN_CELL)
    first = say("{about}: {why}", about=code(file.path), why=prose(said(file)))
    return "<br>".join([first, *shown, *more])


def _json(past: PastCommit) -> dict[str, object]:
    commit = past.commit
    return {
        "commit": commit.id,
        "at": commit.at,
        "author": commit.author,
        "subject": commit.subject,
        "flags": list(past.flags),
        "files": [
            {
                "path": file.path,
                "event": file.event,
                "packages": file.packages,
                "note": file.note or None,
                "difference": json.loads(diff_json.write(file.difference))
                if file.difference
                else None,
            }
            for file in past.files
        ],
    }
