"""``audit --fix``: applies the edits of findings, and keeps every other byte."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from difflib import unified_diff
from pathlib import Path

from conda_preflight.errors import PreflightError, ReadError
from conda_preflight.grammar.url import redact
from conda_preflight.opening import decode, read_bytes, refuse_outside
from conda_preflight.output import write_bytes_atomically
from conda_preflight.report import Edit, Report
from conda_preflight.writers.escaping import visible

_ENDING = r"(?:\r\n|\r|\n)"


def mend(report: Report, root: Path) -> Iterator[str]:
    """Apply every edit of the findings that are not muted; yields a sentence per file.

    An edit whose old text is not there any more, or that overlaps another, is left out.
    """
    for path, edits in _by_file(report).items():
        before, after, encoding, done = _edited(root / path, edits, root)
        if done:
            write_bytes_atomically(root / path, _encode(after, encoding))
            yield f"{visible(path)}: {done} of {len(edits)} mended"
        elif before != after:
            raise PreflightError(f"{path} was not mended")


def diff(report: Report, root: Path) -> str:
    """What ``mend`` would change, as a unified diff with credentials masked."""
    parts: list[str] = []
    for path, edits in _by_file(report).items():
        before, after, *_ = _edited(root / path, edits, root)
        lines = unified_diff(_lines(before), _lines(after), f"a/{path}", f"b/{path}", lineterm="")
        parts.extend(visible(redact(line)) for line in lines)
    return "".join(f"{line}\n" for line in parts)


def _by_file(report: Report) -> dict[str, list[Edit]]:
    table: dict[str, list[Edit]] = {}
    for finding in report.findings:
        if not finding.muted:
            for edit in finding.problem.edits:
                table.setdefault(edit.location.path, []).append(edit)
    return table


def _edited(file: Path, edits: Sequence[Edit], root: Path) -> tuple[str, str, str, int]:
    """The text before and after, its encoding, and how many edits were applied."""
    try:
        refuse_outside(file, root)
        data = read_bytes(file)
        before, encoding = decode(data)
    except ReadError as error:
        raise PreflightError(f"{file} cannot be mended: {error.message}", error.hint) from None
    if data.startswith(codecs.BOM_UTF16_BE):
        encoding = "utf-16-be"
    starts = [0, *(m.end() for m in re.finditer(_ENDING, before))]
    ending = next(iter(re.findall(_ENDING, before)), "\n")
    spans = sorted(filter(None, (_span(edit, before, starts) for edit in edits)), reverse=True)
    after, limit, done = before, len(before) + 1, 0
    for start, end, new in spans:
        if end <= limit and (start < limit or start == end):
            after = after[:start] + new.replace("\n", ending) + after[end:]
            limit, done = start, done + 1
    return before, after, encoding, done


def _span(edit: Edit, text: str, starts: Sequence[int]) -> tuple[int, int, str] | None:
    """Offsets of the old text, None where something else stands there now."""
    line = edit.location.line
    if not 0 < line <= len(starts):
        return None
    begin = starts[line - 1] + max(edit.location.column, 1) - 1
    pattern = _ENDING.join(re.escape(part) for part in edit.old.split("\n"))
    match = re.compile(pattern).match(text, begin)
    return (begin, match.end(), edit.new) if match else None


def _encode(text: str, encoding: str) -> bytes:
    if encoding == "utf-16-be":
        return codecs.BOM_UTF16_BE + text.encode(encoding)
    if encoding == "utf-16":
        return codecs.BOM_UTF16_LE + text.encode("utf-16-le")
    return text.encode(encoding)


def _lines(text: str) -> list[str]:
    return re.split(_ENDING, text)
