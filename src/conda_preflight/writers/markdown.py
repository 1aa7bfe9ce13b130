"""Markdown for the comment of a pull request: verdict, table, details of the findings.

It stays under the 65,536 characters that GitHub allows a comment; what does not fit is
counted. Foreign text cannot become markup, a link, a mention or a reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conda_preflight.coverage import Coverage, Phase, coverage, tally
from conda_preflight.report import Finding, Report
from conda_preflight.writers import wording
from conda_preflight.writers.escaping import visible
from conda_preflight.writers.excerpt import excerpt

_MAX_CHARACTERS = 60_000
_MAX_TEXT = 500
_SPECIAL = re.compile(r"([\\`*_{}\[\]()~|!^$:])")
_TICKS = re.compile(r"`+")
_MARKS = {"passed": "✅", "failed": "❌", "warned": "⚠️", "skipped": "➖", "crashed": "❓"}
_VERDICT_MARKS = {"GO": "✅", "NO-GO": "❌", "UNKNOWN": "❓"}


def write(report: Report) -> str:
    """The report as GitHub Flavoured Markdown."""
    cover = coverage(report)
    lines = [*_head(report, cover), *_table(report, cover), "", *_details(report, cover)]
    return "\n".join(lines).rstrip("\n") + "\n"


def _head(report: Report, cover: Coverage) -> Iterator[str]:
    word = wording.VERDICTS[report.verdict]
    yield f"## {_VERDICT_MARKS[word]} {word}: {wording.findings(cover.tally)}"
    yield ""
    yield f"{prose(wording.heading(report))}. {wording.checks(cover.count)}."
    yield f"{prose(wording.seen(cover))}."
    yield ""
    for reason in report.reasons[:20]:
        yield f"- because {prose(reason)}"
    yield ""


def _table(report: Report, cover: Coverage) -> Iterator[str]:
    yield "| | Phase | Result |"
    yield "|---|---|---|"
    for phase in cover.phases:
        state = wording.state(phase, report.fail_on)
        summary = prose(wording.summary(phase, tally(phase.findings)))
        yield f"| {_MARKS[state]} {state} | {prose(phase.family.title)} | {summary} |"
    if cover.unselected:
        titles = ", ".join(family.title for family in cover.unselected)
        yield ""
        yield f"Not selected: {titles}."


def _details(report: Report, cover: Coverage) -> Iterator[str]:
    """Each phase that has findings or crashes, as long as there is room."""
    room, left_out = _MAX_CHARACTERS, 0
    for phase in cover.phases:
        blocks = [*_crashes(phase), *(_block(f) for f in phase.findings if not f.muted)]
        muted = [_muted(finding) for finding in phase.findings if finding.muted]
        kept: list[str] = []
        for block in (*blocks, *muted):
            room -= len(block)
            if room > 0:
                kept.append(block)
        left_out += len(blocks) + len(muted) - len(kept)
        if kept:
            opened = " open" if wording.state(phase, report.fail_on) == "failed" else ""
            title = _html(phase.family.title)
            summary = _html(wording.findings(tally(phase.findings)))
            yield f"<details{opened}><summary><b>{title}</b>: {summary}</summary>\n"
            yield from kept
            yield "</details>\n"
    if left_out:
        yield f"{wording.number(left_out, 'more finding')} not shown here: see the whole report."


def _crashes(phase: Phase) -> Iterator[str]:
    for outcome in wording.crashes(phase.outcomes):
        yield f"- ❓ **crashed** {code(outcome.rule)}: {prose(outcome.reason)}\n"


def _block(finding: Finding) -> str:
    problem = finding.problem
    place = code(wording.place(problem.location))
    lines = [f"- **{finding.severity.value}** {place} {code(finding.rule)}  "]
    lines.append(f"  {prose(problem.message)}")
    if finding.excerpt.strip():
        lines.extend(["", *("  " + line for line in _fenced(finding)), ""])
    if problem.fix:
        lines.append(f"  **fix:** {prose(problem.fix)}")
    return "\n".join([*lines, ""])


def _muted(finding: Finding) -> str:
    place = code(wording.place(finding.problem.location))
    return f"- muted {place} {code(finding.rule)}: {prose(finding.muted)}\n"


def _fenced(finding: Finding) -> list[str]:
    part = excerpt(finding.excerpt, finding.problem.location)
    longest = max((len(ticks) for ticks in _TICKS.findall(part.line)), default=0)
    fence = "`" * max(3, longest + 1)
    return [fence + "text", part.line, *([part.carets] if part.carets else []), fence]


def code(text: str) -> str:
    """A code span, also in a table and around backticks."""
    shown = visible(text, _MAX_TEXT).replace("|", r"\x7c") or " "
    longest = max((len(ticks) for ticks in _TICKS.findall(shown)), default=0)
    fence = "`" * (longest + 1)
    padding = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{fence}{padding}{shown}{padding}{fence}"


def prose(text: str) -> str:
    """Plain words; an empty comment breaks what GitHub would turn into a mention or a link."""
    shown = _SPECIAL.sub(r"\\\1", _html(text))
    for sign in ("@", "#", "www.", "GH-"):
        shown = shown.replace(sign, f"{sign[0]}<!-- -->{sign[1:]}")
    return shown.replace("://", ":<!-- -->//")


def _html(text: str) -> str:
    shown = visible(text, _MAX_TEXT).replace("&", "&amp;")
    return shown.replace("<", "&lt;").replace(">", "&gt;")
