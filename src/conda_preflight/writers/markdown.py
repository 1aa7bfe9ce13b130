"""Markdown for the comment of a pull request: verdict, table, details of the findings.

It stays under the 65,536 characters that GitHub allows a comment; what does not fit is
counted. Foreign text cannot become markup, a link, a mention or a reference.
"""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.coverage import Coverage, Phase, coverage, tally
from conda_preflight.language import say, word
from conda_preflight.pattern import lazy_pattern
from conda_preflight.report import Finding, Report
from conda_preflight.writers import wording
from conda_preflight.writers.escaping import visible
from conda_preflight.writers.excerpt import excerpt

_MAX_CHARACTERS = 62_000
_MAX_TABLE = 30_000
_MAX_REASONS = 5
_FRAME = 150
_MAX_TEXT = 300
_ALIKE = 5
_ROWS = 6
_NAMED = 10
_TARGETS = 40
_SPECIAL = lazy_pattern(r"([\\`*_{}\[\]()~|!^$])")
_TICKS = lazy_pattern(r"`+")
_MARKS = {
    "passed": "✅",
    "failed": "❌",
    "warned": "⚠️",
    "muted": "🔕",
    "skipped": "⚪",
    "crashed": "❓",
}
_VERDICT_MARKS = {"GO": "✅", "NO-GO": "❌", "UNKNOWN": "❓"}


def write(report: Report) -> str:
    """The report as GitHub Flavoured Markdown."""
    cover = coverage(report)
    head = "\n".join(
        [*_head(report, cover), *_table(report, cover), *_targets(report), *_changes(report)]
    )
    details = "\n".join(_details(report, cover, _MAX_CHARACTERS - len(head)))
    return f"{head}\n\n{details}".rstrip("\n") + "\n"


def _head(report: Report, cover: Coverage) -> Iterator[str]:
    verdict = wording.VERDICTS[report.verdict]
    told = say("{verdict}: {what}", verdict=verdict, what=wording.findings(cover.tally))
    yield f"## {_VERDICT_MARKS[verdict]} {told}"
    yield ""
    head, checks = prose(wording.heading(report)), wording.checks(cover.count)
    yield say("{checks}. {seen}.", checks=head, seen=checks)
    yield say("{sentence}.", sentence=prose(wording.seen(cover)))
    yield ""
    because = (say("because {why}", why=prose(why)) for why in report.reasons[:_MAX_REASONS])
    reasons = [f"- {text}" for text in because]
    yield from (*reasons, "") if reasons else ()


def _table(report: Report, cover: Coverage) -> Iterator[str]:
    yield f"| | {word('Phase')} | {word('Result')} |"
    yield "|---|---|---|"
    rows = [_row(phase, report) for phase in cover.phases]
    shown = _fitting(rows, _MAX_TABLE)
    yield from shown
    if len(shown) < len(rows):
        yield ""
        more = wording.number(len(rows) - len(shown), "more phase")
        yield say("{more}: see the whole report.", more=more)
    if cover.unselected:
        yield ""
        yield say("Not part of this audit: {titles}.", titles=wording.titles(cover.unselected))


def _targets(report: Report) -> Iterator[str]:
    rows = wording.stuck(report)
    if len(rows) < 2:  # noqa: PLR2004  (one target is what the findings are about)
        return
    head = f"| | {word('Target')} | {word('Why')} |"
    yield from ("", f"**{wording.standing(report)}**", "", head, "|---|---|---|")
    for row in rows[:_TARGETS]:
        verdict = wording.VERDICTS[row.verdict]
        why = prose(wording.blame(row))
        yield f"| {_VERDICT_MARKS[verdict]} {verdict} | {prose(row.name)} | {why} |"
    if len(rows) > _TARGETS:
        more = wording.number(len(rows) - _TARGETS, "more target")
        yield from ("", say("{more}: see the whole report.", more=more))


def _changes(report: Report) -> list[str]:
    if not report.changes:
        return []
    from conda_preflight.writers.changes_markdown import section

    return ["", *section(report.changes)]


def _row(phase: Phase, report: Report) -> str:
    state = wording.state(phase, report.fail_on)
    summary = prose(wording.summary(phase, tally(phase.findings)))
    return f"| {_MARKS[state]} {word(state)} | {prose(word(phase.family.title))} | {summary} |"


def _details(report: Report, cover: Coverage, room: int) -> Iterator[str]:
    """Each phase that has findings or crashes, as long as there is room."""
    complete = True
    for phase in cover.phases:
        blocks = [*_crashes(phase), *_blocks(phase)]
        kept = _fitting(blocks, room)
        complete = complete and kept == blocks
        if kept:
            opened = " open" if wording.state(phase, report.fail_on) == "failed" else ""
            title = _inert(_html(word(phase.family.title)))
            summary = _html(wording.findings(tally(phase.findings)))
            yield f"<details{opened}><summary><b>{title}</b>: {summary}</summary>\n"
            yield from kept
            yield "</details>\n"
            room -= _size(kept) + len(title) + _FRAME
    if not complete:
        yield word("There is more than a comment can hold: see the whole report.")


def _fitting(blocks: list[str], room: int) -> list[str]:
    """As many from the front as fit into this many characters."""
    kept = []
    for block in blocks:
        room -= len(block) + 1
        if room < 0:
            break
        kept.append(block)
    return kept


def _size(blocks: list[str]) -> int:
    return sum(map(len, blocks)) + len(blocks)


def _crashes(phase: Phase) -> Iterator[str]:
    for outcome in wording.crashes(phase.outcomes):
        yield f"- ❓ **{word('crashed')}** {code(outcome.rule)}: {prose(outcome.reason)}\n"


def _blocks(phase: Phase) -> Iterator[str]:
    """A few findings of each rule in full, the others by name."""
    for (rule, muted), alike in phase.by_rule.items():
        groups = wording.together(alike)
        yield from map(_muted if muted else _block, groups[:_ALIKE])
        if rest := groups[_ALIKE:]:
            names = prose(wording.several(visible(wording.name(g), 60) for g in rest[:_NAMED]))
            names += word(", ...") if rest[_NAMED:] else ""
            count, named = sum(map(len, rest)), code(rule)
            some = say("{count} more of {rule}: {names}", count=count, rule=named, names=names)
            yield f"- {some}\n"


def _block(group: tuple[Finding, ...]) -> str:
    finding = group[0]
    problem = finding.problem
    place = code(wording.place(problem.location))
    head = f"- **{word(finding.severity.value)}** {place} {code(finding.rule)}"
    on = f"<br>{prose(wording.on(finding))}" if finding.targets else ""
    told = prose(problem.message if len(group) == 1 else wording.head(group))
    lines = [f"{head}<br>{told}{on}"]
    if len(group) > 1:
        lines += [f"  - {prose(each.problem.row)}" for each in group[:_ROWS]]
        left = len(group) - _ROWS
        lines += [f"  - {say('and {count} more', count=left)}"] if left > 0 else []
    if finding.excerpt.strip():
        lines.extend(["", *("  " + line for line in _fenced(finding)), ""])
    if problem.fix:
        lines.append(f"  {say('**fix:** {fix}', fix=prose(problem.fix))}")
    return "\n".join([*lines, ""])


def _muted(group: tuple[Finding, ...]) -> str:
    finding = group[0]
    place = code(wording.place(finding.problem.location))
    return f"- {word('muted')} {place} {code(finding.rule)}: {prose(finding.muted)}\n"


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
    return _inert(_SPECIAL.sub(r"\\\1", _html(text)))


def _inert(text: str) -> str:
    for sign in ("@", "#", "www.", "GH-", "://"):
        text = text.replace(sign, f"{sign[0]}<!-- -->{sign[1:]}")
    return text


def _html(text: str) -> str:
    shown = visible(text, _MAX_TEXT).replace("&", "&amp;")
    return shown.replace("<", "&lt;").replace(">", "&gt;")
